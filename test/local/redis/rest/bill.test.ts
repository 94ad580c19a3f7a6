import { expect, it } from "vitest";
import { isEmbedded, startServer } from "../support/server.ts";

it("counts each command of a pipeline and transaction, and each HTTP request", async () => {
  const { post, run, counters } = await startServer();
  await run("SET", "k", "1");
  await post("/pipeline", [
    ["GET", "k"],
    ["get", "k"],
    ["INCR", "k"],
  ]);
  await post("/multi-exec", [
    ["INCR", "k"],
    ["INCR", "k"],
  ]);
  expect(counters()).toEqual({ requests: 3, commands: 6, byCommand: { GET: 2, INCR: 3, SET: 1 } });
});

it("counts a script as itself plus each call inside it", async () => {
  const { run, post, counters, resetCounters } = await startServer();
  const script = "for i = 1, 3 do redis.call('INCR', KEYS[1]) end return redis.call('GET', KEYS[1])";
  expect(await run("EVAL", script, 1, "k")).toBe("3");
  expect(counters()).toEqual({ requests: 1, commands: 5, byCommand: { EVAL: 1, GET: 1, INCR: 3 } });
  resetCounters();
  await post("/pipeline", [
    ["INCR", "k"],
    ["EVAL", script, 1, "k"],
    ["EVAL", "return 1", 0],
    ["GET", "k"],
  ]);
  expect(counters()).toEqual({ requests: 1, commands: 8, byCommand: { EVAL: 2, GET: 2, INCR: 4 } });
  resetCounters();
  await post("/multi-exec", [
    ["INCR", "k"],
    ["EVAL", script, 1, "k"],
  ]);
  expect(counters()).toEqual({ requests: 1, commands: 6, byCommand: { EVAL: 1, GET: 1, INCR: 4 } });
});

it.runIf(isEmbedded)("bills scripts right while others are busy", async () => {
  const { run, post, counters } = await startServer();
  const script = "redis.call('SET', KEYS[1], 'x') return redis.call('GET', KEYS[1])";
  await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      i % 2 === 0
        ? run("EVAL", script, 1, "k")
        : post("/pipeline", [
            ["GET", "a"],
            ["SET", "a", 1],
          ]),
    ),
  );
  expect(counters()).toEqual({ requests: 40, commands: 100, byCommand: { EVAL: 20, GET: 40, SET: 40 } });
});

it("counts what the client asked for once, even when it failed, and nothing it was refused", async () => {
  const { post, counters } = await startServer();
  await post("/", ["GET"]);
  await post("/", ["WATCH", "k"]);
  await post("/", ["SCAN", 0, "WITHTYPE"]);
  expect(counters()).toEqual({ requests: 3, commands: 2, byCommand: { GET: 1, SCAN: 1 } });
});

it("serves the counters without counting that", async () => {
  const { json, run } = await startServer();
  await run("PING");
  const read = { method: "GET" };
  expect(await json("/-/counters", read)).toEqual({
    status: 200,
    body: { requests: 1, commands: 1, byCommand: { PING: 1 } },
  });
  expect(await json("/-/counters/reset")).toMatchObject({ body: { requests: 0, commands: 0 } });
  expect(await json("/-/counters", read)).toMatchObject({ body: { requests: 0 } });
  expect(await json("/-/nothing", read)).toMatchObject({ status: 404 });
});
