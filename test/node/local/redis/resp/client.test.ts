import { expect, it, onTestFinished } from "vitest";
import type { Backend } from "../../../../../local/redis/backend.ts";
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

it("closes a connection that opens after the client was closed", async () => {
  const backend = await startBackend();
  const client = createRespClient(backend);
  const waiting = client.send([["PING"]]);
  client.close(new Error("Enough."));
  await expect(waiting).rejects.toThrow("Enough.");
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
