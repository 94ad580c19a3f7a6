import { expect, it } from "vitest";
import { callsBetween, createBill } from "../../../../../local/redis/rest/bill.ts";
import { startServer } from "../support.ts";

it("counts requests, and each command of a pipeline or transaction", async () => {
  const server = await startServer();
  expect(await server.cost(() => server.command("set", "k", "v"))).toEqual({
    requests: 1,
    commands: 1,
    byCommand: { SET: 1 },
  });
  expect(await server.cost(() => server.pipeline(["GET", "a"], ["get", "b"], ["PING"]))).toEqual({
    requests: 1,
    commands: 3,
    byCommand: { GET: 2, PING: 1 },
  });
  expect(
    await server.cost(() =>
      server.post("/multi-exec", [
        ["SET", "k", 1],
        ["INCR", "k"],
      ]),
    ),
  ).toEqual({
    requests: 1,
    commands: 2,
    byCommand: { INCR: 1, SET: 1 },
  });
  expect(await server.cost(() => server.fetchText("GET", "/get/k"))).toMatchObject({
    commands: 1,
    byCommand: { GET: 1 },
  });
});

it("bills a script as one command and each call inside it", async () => {
  const server = await startServer();
  const script =
    "redis.call('SET', KEYS[1], 1) for i = 1, 5 do redis.call('INCR', KEYS[1]) end return redis.call('GET', KEYS[1])";
  const cost = { requests: 1, commands: 8, byCommand: { EVAL: 1, GET: 1, INCR: 5, SET: 1 } };
  expect(await server.cost(() => server.command("EVAL", script, 1, "k"))).toEqual(cost);
  expect(await server.cost(() => server.pipeline(["EVAL", script, 1, "k"]))).toEqual(cost);
  expect(await server.cost(() => server.post("/multi-exec", [["EVAL", script, 1, "k"]]))).toEqual(cost);
  const { result: sha } = await server.command("SCRIPT", "LOAD", script);
  expect((await server.cost(() => server.command("EVALSHA", sha, 1, "k"))).byCommand).toEqual({
    EVALSHA: 1,
    GET: 1,
    INCR: 5,
    SET: 1,
  });
});

it("bills failed calls inside a script, and an unknown script", async () => {
  const server = await startServer();
  await server.command("SET", "text", "x");
  const script = "redis.pcall('INCR', KEYS[1]) redis.pcall('INCR', KEYS[1]) return 1";
  expect((await server.cost(() => server.command("EVAL", script, 1, "text"))).byCommand).toEqual({ EVAL: 1, INCR: 2 });
  expect((await server.cost(() => server.command("EVALSHA", "0".repeat(40), 0))).byCommand).toEqual({ EVALSHA: 1 });
});

it("bills a script exactly while other clients run the same commands", async () => {
  const server = await startServer();
  const script = "redis.call('INCR', KEYS[1]) return redis.call('INCR', KEYS[1])";
  const cost = await server.cost(() =>
    Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        i % 2 === 0
          ? server.command("EVAL", script, 1, "k")
          : server.pipeline(["INCR", "other"], ["EVAL", script, 1, "k"], ["INCR", "other"]),
      ),
    ),
  );
  expect(cost).toEqual({ requests: 100, commands: 400, byCommand: { EVAL: 100, INCR: 300 } });
});

it("bills an emulated command as one", async () => {
  const server = await startServer();
  await server.command("SET", "k", "v");
  expect((await server.cost(() => server.command("DELEX", "k", "IFEQ", "x"))).byCommand).toEqual({ DELEX: 1 });
  expect((await server.cost(() => server.command("SCAN", 0, "WITHTYPE"))).byCommand).toEqual({ SCAN: 1 });
});

it("bills blocking commands and subscriptions", async () => {
  const server = await startServer();
  expect((await server.cost(() => server.command("BLPOP", "none", 0.01))).byCommand).toEqual({ BLPOP: 1 });
  const cost = await server.cost(async () => {
    const abort = new AbortController();
    await fetch(`${server.url}/subscribe/a/b?_token=a-token-for-tests`, { signal: abort.signal });
    abort.abort();
  });
  expect(cost).toEqual({ requests: 1, commands: 1, byCommand: { SUBSCRIBE: 1 } });
});

it("does not bill refusals, unknown commands, bad bodies, wrong tokens or a discarded transaction", async () => {
  const server = await startServer();
  const cost = await server.cost(async () => {
    await server.command("WATCH", "k");
    await server.command("NO-SUCH-COMMAND");
    await server.fetchText("POST", "/", "nonsense");
    await server.post("/multi-exec", [["SET", "k", 1], ["GET"]]);
    await server.post("/", ["PING"], { Authorization: "Bearer wrong" });
  });
  expect(cost).toEqual({ requests: 4, commands: 0, byCommand: {} });
});

it("bills a command that replies with an error", async () => {
  const server = await startServer();
  await server.command("SET", "k", "text");
  expect((await server.cost(() => server.command("INCR", "k"))).byCommand).toEqual({ INCR: 1 });
});

it("returns the same counters in the process and over HTTP, and resets them", async () => {
  const server = await startServer();
  await server.command("PING");
  expect(server.counters()).toEqual({ requests: 1, commands: 1, byCommand: { PING: 1 } });
  const { text } = await server.fetchText("GET", "/-/counters");
  expect(JSON.parse(text)).toEqual(server.counters());
  server.resetCounters();
  expect(server.counters()).toEqual({ requests: 0, commands: 0, byCommand: {} });
});

it("answers 404 to other routes under /-/", async () => {
  const server = await startServer();
  expect((await server.fetchText("GET", "/-/nothing")).status).toBe(404);
  expect((await server.fetchText("POST", "/-/counters")).status).toBe(404);
});

it("adds commands up by name, in the order of the names", () => {
  const bill = createBill();
  bill.countRequest();
  bill.countRequest();
  bill.countCommand("SET", 3);
  bill.countCommand("GET");
  bill.countCommand("SET");
  bill.countCommand("DEL", 2);
  expect(bill.counters()).toEqual({ requests: 2, commands: 7, byCommand: { DEL: 2, GET: 1, SET: 4 } });
  expect(Object.keys(bill.counters().byCommand)).toEqual(["DEL", "GET", "SET"]);
  bill.reset();
  expect(bill.counters()).toEqual({ requests: 0, commands: 0, byCommand: {} });
});

it("reads what a script called from the statistics before and after it", () => {
  const stats = (...lines: string[]) => Buffer.from(`# Commandstats\r\n${lines.join("\r\n")}\r\n`);
  const before = stats(
    "cmdstat_get:calls=5,usec=1",
    "cmdstat_info:calls=2,usec=1",
    "cmdstat_client|list:calls=1,usec=1",
  );
  const after = stats(
    "cmdstat_get:calls=7,usec=9",
    "cmdstat_info:calls=3,usec=1",
    "cmdstat_eval:calls=1,usec=1",
    "cmdstat_evalsha_ro:calls=1,usec=1",
    "cmdstat_fcall:calls=1,usec=1",
    "cmdstat_client|list:calls=3,usec=1",
    "cmdstat_client|info:calls=2,usec=1",
    "cmdstat_evaluate:calls=4,usec=1",
  );
  expect(callsBetween(before, after)).toEqual(
    new Map([
      ["GET", 2],
      ["CLIENT", 4],
      ["EVALUATE", 4],
    ]),
  );
  expect(callsBetween(before, stats("cmdstat_info:calls=5,usec=1"))).toEqual(new Map([["INFO", 2]]));
  expect(callsBetween(undefined, null)).toEqual(new Map());
});
