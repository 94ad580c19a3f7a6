import { expect, it } from "vitest";
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
