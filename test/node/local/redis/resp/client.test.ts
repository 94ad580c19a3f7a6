import { expect, it, onTestFinished } from "vitest";
import type { Backend, Connection } from "../../../../../local/redis/backend.ts";
import { createRespClient } from "../../../../../local/redis/resp/client.ts";
import { ReplyError, Status } from "../../../../../local/redis/resp/reply.ts";
import { createTestBackend } from "../support.ts";

async function startBackend(): Promise<Backend> {
  const backend = await createTestBackend();
  onTestFinished(() => backend.close());
  return backend;
}

it("returns to each of many requests the replies to its own commands", async () => {
  const client = createRespClient(await startBackend());
  const requests = Array.from({ length: 3_000 }, (_, i) =>
    client.send([["ECHO", `a${i}`], ["NO-SUCH"], ["ECHO", `b${i}`]]),
  );
  for (const [i, replies] of (await Promise.all(requests)).entries()) {
    expect(replies[0]).toEqual(Buffer.from(`a${i}`));
    expect(replies[1]).toBeInstanceOf(ReplyError);
    expect(replies[2]).toEqual(Buffer.from(`b${i}`));
  }
});

it("keeps the commands of one request together among concurrent ones", async () => {
  const client = createRespClient(await startBackend());
  const results = await Promise.all(
    Array.from({ length: 50 }, (_, i) => client.send([["MULTI"], ["SET", "k", String(i)], ["GET", "k"], ["EXEC"]])),
  );
  expect(results.map((replies) => replies[3])).toEqual(
    results.map((_, i) => [new Status("OK"), Buffer.from(String(i))]),
  );
});

it("rejects every pending request when the connection is lost, and reconnects for the next", async () => {
  const backend = await startBackend();
  const client = createRespClient(backend);
  const other = createRespClient(backend);
  const [id] = await client.send([["CLIENT", "ID"]]);
  const blocked = [client.send([["BLPOP", "nothing", "0"]]), client.send([["PING"]])];
  const outcomes = Promise.allSettled(blocked);
  await other.send([["CLIENT", "KILL", "ID", `${Number(id)}`]]);
  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({ status: "rejected", reason: { message: expect.stringContaining("closed") } });
  }
  expect(await client.send([["PING"]])).toEqual([new Status("PONG")]);
});

it("rejects pending and later requests with the reason of the close", async () => {
  const client = createRespClient(await startBackend());
  await client.send([["PING"]]);
  const waiting = client.send([["BLPOP", "nothing", "0"]]);
  client.close(new Error("Enough."));
  await expect(waiting).rejects.toThrow("Enough.");
  await expect(client.send([["PING"]])).rejects.toThrow("Enough.");
});

/** A server that is the test: it counts its connections, and each connection answers and ends as the test says. */
function openServer(
  begin: (connection: { answer(text: string): void; lose(reason?: Error): void }) => void = () => {},
) {
  const seen = { opened: 0, closed: 0 };
  const connect = async (): Promise<Connection> => {
    seen.opened += 1;
    let hear: (chunk: Uint8Array) => void = () => {};
    let end: (reason?: Error) => void = () => {};
    const one = { answer: (text: string) => hear(Buffer.from(text)), lose: (reason?: Error) => end(reason) };
    return {
      write: (bytes) => one.answer(Buffer.from(bytes).includes("PING") ? "+PONG\r\n" : "+OK\r\n"),
      onData: (listener) => void (hear = listener),
      onClose(listener) {
        end = listener;
        queueMicrotask(() => begin(one));
      },
      close: () => void (seen.closed += 1),
    };
  };
  return { seen, client: createRespClient({ connect }) };
}
const pong = [new Status("PONG")];

it("closes a connection that opens after the client was closed", async () => {
  const { seen, client } = openServer();
  const waiting = client.send([["PING"]]);
  client.close(new Error("Enough."));
  client.close(new Error("Again."));
  await expect(waiting).rejects.toThrow("Enough.");
  await expect(client.send([["PING"]])).rejects.toThrow("Enough.");
  expect(seen).toEqual({ opened: 1, closed: 1 });
});

it("connects once for requests at the same time and later, and not for one without commands", async () => {
  const { seen, client } = openServer();
  expect(await client.send([])).toEqual([]);
  expect(seen.opened).toBe(0);
  expect(await Promise.all([client.send([["PING"]]), client.send([["GET"]])])).toEqual([pong, [new Status("OK")]]);
  expect(await client.send([["PING"]])).toEqual(pong);
  expect(seen).toEqual({ opened: 1, closed: 0 });
  client.close();
  await expect(client.send([["PING"]])).rejects.toThrow("The connection to Redis was closed.");
  expect(seen).toEqual({ opened: 1, closed: 1 });
});

it("leaves a reply that no request waits for", async () => {
  const { client } = openServer(({ answer }) => answer("+HELLO\r\n"));
  expect([await client.send([["PING"]]), await client.send([["PING"]])]).toEqual([pong, pong]);
});

it("rejects a request whose connection ends as it opens, with its reason, and connects again", async () => {
  let isLost = true;
  const { seen, client } = openServer(({ lose }) => isLost && lose(new Error("Too many clients.")));
  await expect(client.send([["PING"]])).rejects.toThrow("Too many clients.");
  isLost = false;
  expect(await client.send([["PING"]])).toEqual(pong);
  expect(seen).toEqual({ opened: 2, closed: 1 });
});

it("rejects with the reason when the engine cannot be reached", async () => {
  const backend = { connect: () => Promise.reject(new Error("Nobody home.")) };
  const client = createRespClient(backend);
  await expect(client.send([["PING"]])).rejects.toThrow("Nobody home.");
  await expect(client.send([["PING"]])).rejects.toThrow("Nobody home.");
});

it("ends the connection to a server that does not speak RESP2", async () => {
  const told: Error[] = [];
  const client = createRespClient({
    connect: async () => {
      let answer: (chunk: Uint8Array) => void = () => {};
      return {
        write: () => answer(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")),
        onData: (listener) => void (answer = listener),
        onClose: () => {},
        close: () => void told.push(new Error("closed")),
      };
    },
  });
  await expect(client.send([["PING"]])).rejects.toThrow("did not answer in RESP2");
  expect(told).toHaveLength(1);
});
