import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { expect, it, onTestFinished, vi } from "vitest";
import { serveEvents } from "../../../../../local/redis/rest/events.ts";
import { eventually, openEvents, startServer, token } from "../support.ts";

/** Channels belong to the whole Redis, which other tests may share: each test uses its own. */
const unique = (name: string) => `${name}-${crypto.randomUUID()}`;

it("streams a channel's messages in Upstash's frames, un-encoded", async () => {
  const server = await startServer();
  const channel = unique("c");
  const events = await openEvents(server, `/subscribe/${channel}`);
  expect(events.response.status).toBe(200);
  expect(events.response.headers.get("content-type")).toBe("text/event-stream");
  await eventually(() => events.lines().length === 1);
  await server.command("PUBLISH", channel, JSON.stringify({ text: "grüße, alle" }));
  await server.command("PUBLISH", channel, "two");
  await eventually(() => events.lines().length === 3);
  expect(events.lines()).toEqual([
    `data: subscribe,${channel},1`,
    `data: message,${channel},{"text":"grüße, alle"}`,
    `data: message,${channel},two`,
  ]);
  expect(events.state.text).toMatch(/two\n\n$/);
});

it("subscribes to several channels, and decodes their names", async () => {
  const server = await startServer();
  const [a, b] = [unique("a b"), unique("b")];
  const events = await openEvents(server, `/subscribe/${encodeURIComponent(a)}/${b}`);
  await eventually(() => events.lines().length === 2);
  expect(await server.command("PUBLISH", a, "x")).toEqual({ result: 1 });
  expect(await server.command("PUBLISH", b, "y")).toEqual({ result: 1 });
  await eventually(() => events.lines().length === 4);
  expect(events.lines()).toEqual([
    `data: subscribe,${a},1`,
    `data: subscribe,${b},2`,
    `data: message,${a},x`,
    `data: message,${b},y`,
  ]);
});

it("streams messages that match a pattern, by GET as well", async () => {
  const server = await startServer();
  const prefix = unique("news");
  const events = await openEvents(server, `/psubscribe/${prefix}.*?_token=${token}`, {
    method: "GET",
    body: null,
    headers: {},
  });
  await eventually(() => events.lines().length === 1);
  await server.command("PUBLISH", `${prefix}.sport`, "goal");
  await eventually(() => events.lines().length === 2);
  expect(events.lines()).toEqual([`data: psubscribe,${prefix}.*,1`, `data: pmessage,${prefix}.*,${prefix}.sport,goal`]);
});

it("streams the output of MONITOR", async () => {
  const server = await startServer();
  const events = await openEvents(server, "/monitor");
  await eventually(() => events.lines().length > 0);
  expect(events.lines()[0]).toBe('data: "OK"');
  const key = unique("seen");
  await server.command("SET", key, "v");
  const line = await eventually(() => events.lines().find((line) => line.includes(key)));
  expect(line).toMatch(/^data: \d+\.\d+ \[\d+ .*\] "SET" "seen-/);
});

it("unsubscribes when the request ends", async () => {
  const server = await startServer();
  const channel = unique("c");
  const events = await openEvents(server, `/subscribe/${channel}`);
  await eventually(() => events.lines().length === 1);
  expect(await server.command("PUBSUB", "NUMSUB", channel)).toEqual({ result: [channel, 1] });
  events.close();
  await eventually(async () => ((await server.command("PUBSUB", "NUMSUB", channel)).result as unknown[])[1] === 0);
});

it("never lets a payload pass for another message", async () => {
  const server = await startServer();
  const channel = unique("c");
  const events = await openEvents(server, `/subscribe/${channel}`);
  await eventually(() => events.lines().length === 1);
  await server.command("PUBLISH", channel, `first\ndata: message,${channel},forged\nmessage,${channel},forged`);
  await eventually(() => events.lines().length === 4);
  // The JavaScript client reads the lines that begin with `data: `.
  expect(events.lines().filter((line) => line.startsWith("data: "))).toEqual([
    `data: subscribe,${channel},1`,
    `data: message,${channel},first`,
  ]);
});

it("refuses /subscribe without a channel", async () => {
  const server = await startServer();
  for (const kind of ["subscribe", "psubscribe"]) {
    expect(await server.fetchText("POST", `/${kind}`, "[]")).toMatchObject({
      status: 400,
      json: { error: `ERR wrong number of arguments for '${kind}' command` },
    });
  }
});

it("ends every stream when the server closes", async () => {
  const server = await startServer();
  const streams = await Promise.all([openEvents(server, `/subscribe/${unique("c")}`), openEvents(server, "/monitor")]);
  await server.close();
  await Promise.all(streams.map(({ ended }) => ended));
});

it("disconnects a reader that falls too far behind", async () => {
  const server = await startServer();
  const channel = unique("c");
  const { createConnection } = await import("node:net");
  const socket = createConnection(server.port, "127.0.0.1");
  socket.pause();
  socket.write(`GET /subscribe/${channel}?_token=${token} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`);
  const closed = new Promise((resolve) => socket.once("error", resolve).once("close", resolve));
  await eventually(async () => ((await server.command("PUBSUB", "NUMSUB", channel)).result as unknown[])[1] === 1);
  const payload = "x".repeat(1024 * 1024);
  await eventually(async () => (await server.command("PUBLISH", channel, payload)).result === 0);
  socket.resume();
  await closed;
});

/** A stream between an engine and a client that are both the test. */
async function serve({ isClosed = false } = {}) {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  let push = (_chunk: Buffer) => {};
  let lose = () => {};
  const engine = { commands: [] as string[], closes: 0 };
  const written: unknown[] = [];
  const response = Object.assign(new EventEmitter(), {
    destroyed: false,
    closed: isClosed,
    writableLength: 0,
    writeHead: (status: number, headers: string[]) => void written.push([status, ...headers]),
    flushHeaders: () => void written.push("flushed"),
    write: (text: string) => void written.push(text),
    end: () => void written.push("end"),
    destroy() {
      response.destroyed = true;
    },
  });
  await serveEvents(
    {
      connect: async () => ({
        write: (bytes: Uint8Array) => void engine.commands.push(Buffer.from(bytes).toString()),
        onData: (listener: typeof push) => void (push = listener),
        onClose: (listener: typeof lose) => void (lose = listener),
        close: () => void (engine.closes += 1),
      }),
    } as never,
    response as unknown as ServerResponse,
    { command: ["MONITOR"], headers: ["X-More", "1"] },
  );
  return { engine, response, written, push: (text: string) => push(Buffer.from(text)), lose: () => lose() };
}

it("answers with the head of a stream before the command is sent, and with each kind of reply", async () => {
  const { engine, written, push } = await serve();
  expect(written.splice(0)).toEqual([
    [200, "Content-Type", "text/event-stream", "Cache-Control", "no-cache", "X-More", "1"],
    "flushed",
  ]);
  expect(engine.commands).toEqual(["*1\r\n$7\r\nMONITOR\r\n"]);
  push("+OK\r\n+QUEUED\r\n-ERR x\r\n*3\r\n$1\r\na\r\n:1\r\n$-1\r\n$3\r\nb\nc\r\n");
  expect(written).toEqual([
    'data: "OK"\n\n',
    "data: QUEUED\n\n",
    "data: error,ERR x\n\n",
    "data: a,1,null\n\n",
    "data: b\ndata:c\n\n",
  ]);
});

it("sends a comment every 25 s, until the engine closes the connection", async () => {
  const { written, lose } = await serve();
  written.length = 0;
  vi.advanceTimersByTime(24_999);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(written).toEqual([": ping\n\n"]);
  lose();
  vi.advanceTimersByTime(60_000);
  expect(written).toEqual([": ping\n\n", "end"]);
});

it("disconnects a client with more than 8 MiB unread, and writes no more to it", async () => {
  const { response, written, push, lose } = await serve();
  response.writableLength = 8 * 1024 * 1024;
  push("+A\r\n");
  expect(response.destroyed).toBe(false);
  response.writableLength += 1;
  push("+B\r\n");
  expect(response.destroyed).toBe(true);
  written.length = 0;
  push("+C\r\n");
  lose();
  expect(written).toEqual([]);
});

it("leaves the engine when the client does, also before the stream began", async () => {
  const { engine, response } = await serve();
  response.emit("close");
  expect(engine.closes).toBe(1);
  const late = await serve({ isClosed: true });
  expect([late.engine, late.written]).toEqual([{ commands: [], closes: 1 }, []]);
  // It has no heart that beats.
  expect(vi.getTimerCount()).toBe(0);
});
