import { createServer, Socket } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { createTcpBackend, parseRedisUrl } from "../../../../../local/redis/engine/tcp.ts";

/** A server that takes what a client sends, and gives an answer to each piece; `undefined` hangs up. */
async function listen(...answers: (string | undefined)[]) {
  const seen = { received: [] as string[], sockets: [] as Socket[] };
  const server = createServer((socket) => {
    seen.sockets.push(socket.on("error", () => {}));
    socket.on("data", (chunk) => {
      seen.received.push(chunk.toString("latin1"));
      const answer = answers.shift();
      if (answer === undefined) socket.destroy();
      else socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of seen.sockets) socket.destroy();
  });
  const { port } = server.address() as { port: number };
  return { port, ...seen };
}

it.each([
  ["user:p%40ss@", "*3\r\n$4\r\nAUTH\r\n$4\r\nuser\r\n$4\r\np@ss\r\n"],
  [":secret@", "*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n"],
])("proves with %j who it is before a connection is used", async (credentials, sent) => {
  const noDelay = vi.spyOn(Socket.prototype, "setNoDelay");
  onTestFinished(() => noDelay.mockRestore());
  const { port, received } = await listen("+OK\r\n", "+PONG\r\n");
  const backend = createTcpBackend({ url: `redis://${credentials}127.0.0.1:${port}` });
  expect(backend.description).toBe(`redis://127.0.0.1:${port}`);
  const connection = await backend.connect();
  expect(received).toEqual([sent]);
  expect(noDelay).toHaveBeenCalledWith(true);
  const answer = new Promise<string>((resolve) => connection.onData((chunk) => resolve(Buffer.from(chunk).toString())));
  connection.write(Buffer.from("PING\r\n"));
  expect(await answer).toBe("+PONG\r\n");
  await backend.close();
});

it("says why a password was refused", async () => {
  const { port } = await listen("-WRONGPASS invalid password\r\n");
  await expect(createTcpBackend({ url: `redis://:x@127.0.0.1:${port}` }).connect()).rejects.toThrow(
    `Redis at redis://127.0.0.1:${port} refused the password: WRONGPASS invalid password`,
  );
});

it("sends nothing without a password", async () => {
  const { port, received } = await listen();
  await createTcpBackend({ url: `redis://127.0.0.1:${port}` }).connect();
  expect(received).toEqual([]);
});

it("speaks TLS at rediss, naming the host, and is not connected before the server does", async () => {
  const { port, received } = await listen();
  const url = `rediss://localhost:${port}`;
  await expect(createTcpBackend({ url }).connect()).rejects.toThrow(`Cannot reach Redis at ${url}: ECONNRESET.`);
  expect(received[0]?.slice(0, 2)).toBe("\x16\x03");
  expect(received[0]).toContain("localhost");
});

it("tells a connection that was lost from one that ended, and closes those that are open", async () => {
  const { port, sockets } = await listen();
  const backend = createTcpBackend({ url: `redis://127.0.0.1:${port}` });
  const ends: unknown[] = [];
  for (const name of ["lost", "ended", "own", "rest"]) {
    const connection = await backend.connect();
    connection.onData(() => {});
    await new Promise<void>((resolve) => {
      connection.onClose((reason) => resolve(void ends.push([name, reason?.message])));
      const theirs = sockets.at(-1);
      if (name === "lost") theirs?.resetAndDestroy();
      if (name === "ended") theirs?.end();
      if (name === "own") connection.close();
      if (name === "rest") void backend.close();
    });
  }
  expect(ends).toEqual([
    ["lost", `The connection to Redis at redis://127.0.0.1:${port} was lost: read ECONNRESET`],
    ["ended", undefined],
    ["own", undefined],
    ["rest", undefined],
  ]);
});

it.each(["redis://127.0.0.1", "redis://127.0.0.1/", "redis://127.0.0.1/0", "rediss://127.0.0.1/0"])(
  "takes Redis's port for that of %s",
  (url) => {
    expect(createTcpBackend({ url }).description).toMatch(/^rediss?:\/\/127\.0\.0\.1:6379$/);
    expect(parseRedisUrl(url).hostname).toBe("127.0.0.1");
  },
);

it.each(["redis:", "redis:///0", "http://127.0.0.1", "redis://127.0.0.1/3", ""])(
  "refuses %j, without saying it",
  (url) => {
    expect(() => parseRedisUrl(url)).toThrow(/^(A Redis address looks like redis:|Upstash has database 0 only:)/);
  },
);
