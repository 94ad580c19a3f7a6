import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isEmbedded, startServer } from "../support/server.ts";

const sha1 = (text: string) => createHash("sha1").update(text).digest("hex");
const unavailable = (name: string) => ({
  status: 400,
  body: {
    error: `ERR Command is not available: '${name}'. See https://upstash.com/docs/redis/overall/rediscompatibility for details`,
  },
});

it.each(["JSON.GET", "SEARCH.QUERY", "XDELEX", "XACKDEL", "FOO"])(
  "has no %s, and says so in Upstash's words",
  async (name) => {
    const { post } = await startServer();
    if (isEmbedded || /[.F]/.test(name)) expect(await post("/", [name, "k"])).toEqual(unavailable(name));
  },
);

it("has no answer for options the engine lacks, rather than a wrong one", async () => {
  const { post, run } = await startServer();
  await run("SET", "k", "v");
  if (!isEmbedded) return expect((await post("/", ["SET", "k", "w", "IFDEQ", "0"])).status).toBe(400);
  expect(await post("/", ["SET", "k", "w", "IFNE", "x"])).toEqual(unavailable("SET IFNE"));
  expect(await post("/", ["BITOP", "ANDOR", "d", "k", "k"])).toEqual(unavailable("BITOP ANDOR"));
  expect(await post("/", ["SET", "k", "w", "EX"])).toMatchObject({ body: { error: "ERR syntax error" } });
});

describe("DELEX", () => {
  it("deletes on a condition, atomically, as one billed command", async () => {
    const { run, counters, resetCounters } = await startServer();
    await run("SET", "k", "token");
    resetCounters();
    expect(await run("DELEX", "k", "IFEQ", "other")).toBe(0);
    expect(await run("DELEX", "k", "IFNE", "token")).toBe(0);
    expect(await run("DELEX", "k", "ifeq", "token")).toBe(1);
    expect(await run("DELEX", "k", "IFEQ", "token")).toBe(0);
    expect(counters()).toMatchObject({ commands: 4, byCommand: { DELEX: 4 } });
  });

  it("deletes without a condition, whatever the type", async () => {
    const { run, post } = await startServer();
    await run("RPUSH", "l", "a");
    await expect(run("DELEX", "l", "IFEQ", "a")).rejects.toThrow(/WRONGTYPE|wrong kind/);
    expect(await run("DELEX", "l")).toBe(1);
    expect(await post("/", ["DELEX"])).toMatchObject({ status: 400 });
    expect(await post("/", ["DELEX", "k", "IFEQ"])).toMatchObject({ status: 400 });
    expect(await post("/", ["DELEX", "k", "WHEN", "x"])).toMatchObject({ status: 400 });
  });

  it("works in a transaction", async () => {
    const { post, run } = await startServer();
    await run("SET", "k", "v");
    expect(
      await post("/multi-exec", [
        ["DELEX", "k", "IFEQ", "v"],
        ["EXISTS", "k"],
      ]),
    ).toMatchObject({
      body: [{ result: 1 }, { result: 0 }],
    });
  });
});

describe("scripts with allow-key-locking", () => {
  const script = "#!lua flags=allow-key-locking\nreturn redis.call('INCR', KEYS[1])";

  it("runs them by text and by the SHA1 of that text", async () => {
    const { run } = await startServer();
    expect(await run("EVAL", script, 1, "k")).toBe(1);
    expect(await run("EVALSHA", sha1(script), 1, "k")).toBe(2);
    expect(await run("EVALSHA", sha1(script).toUpperCase(), 1, "k")).toBe(3);
  });

  it("tells the client the SHA1 it expects", async () => {
    const { run } = await startServer();
    expect(await run("SCRIPT", "LOAD", script)).toBe(sha1(script));
    expect(await run("SCRIPT", "EXISTS", sha1(script), "0".repeat(40))).toEqual([1, 0]);
    expect(await run("SCRIPT", "LOAD", "return 1")).toBe(sha1("return 1"));
  });

  it("keeps the other flags", async () => {
    const { run } = await startServer();
    const readOnly = "#!lua flags=no-writes,allow-key-locking\nreturn redis.call('SET', KEYS[1], 'x')";
    await expect(run("EVAL", readOnly, 1, "k")).rejects.toThrow(/Write commands are not allowed/);
    expect(
      await run("EVAL_RO", "#!lua flags=allow-key-locking,no-writes\nreturn redis.call('GET', KEYS[1])", 1, "k"),
    ).toBeNull();
  });

  it("asks for EVAL in Upstash's words when it knows no such script", async () => {
    const { post } = await startServer();
    expect(await post("/", ["EVALSHA", "0".repeat(40), 0])).toEqual({
      status: 400,
      body: { error: "NOSCRIPT No matching script. Please use EVAL." },
    });
  });
});

it("scans with types", async () => {
  const { run, counters, resetCounters } = await startServer();
  await run("SET", "s", "v");
  await run("HSET", "h", "f", "v");
  resetCounters();
  const [cursor, pairs] = (await run("SCAN", 0, "WITHTYPE")) as [string, string[]];
  expect(cursor).toBe("0");
  const types = new Map(pairs.flatMap((name, index) => (index % 2 === 0 ? [[name, pairs[index + 1]] as const] : [])));
  expect(types).toEqual(
    new Map([
      ["s", "string"],
      ["h", "hash"],
    ]),
  );
  expect(counters().byCommand).toEqual({ SCAN: 1 });
});
