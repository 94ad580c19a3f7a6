import { expect, it } from "vitest";
import { createRespClient } from "../../../../../local/redis/resp/client.ts";
import { type Reply, ReplyError } from "../../../../../local/redis/resp/reply.ts";
import { connectTestBackend, startServer } from "../support.ts";

const notAvailable = (name: string) =>
  `ERR Command is not available: '${name}'. See https://upstash.com/docs/redis/overall/rediscompatibility for details`;

/** Returns the engine's own reply: engines differ in the commands they have. */
async function askEngine(...command: string[]): Promise<Reply> {
  const backend = await connectTestBackend();
  const client = createRespClient(backend);
  const [reply = null] = await client.send([command]);
  await backend.close();
  return reply;
}

const hasCommand = async (name: string) => {
  const info = await askEngine("COMMAND", "INFO", name);
  return Array.isArray(info) && Array.isArray(info[0]);
};

it("deletes with DELEX if the value equals, or does not equal, the given one", async () => {
  const server = await startServer();
  const cases: [unknown[], number][] = [
    [["DELEX", "k", "IFEQ", "other"], 0],
    [["DELEX", "k", "ifeq", "value"], 1],
    [["DELEX", "k", "IFNE", "value"], 0],
    [["DELEX", "k", "IFNE", "other"], 1],
    [["DELEX", "k"], 1],
  ];
  for (const [command, deleted] of cases) {
    await server.command("SET", "k", "value");
    expect(await server.command(...command)).toEqual({ result: deleted });
    expect(await server.command("EXISTS", "k")).toEqual({ result: 1 - deleted });
  }
  for (const command of [
    ["DELEX", "none"],
    ["DELEX", "none", "IFEQ", "x"],
  ]) {
    expect(await server.command(...command)).toEqual({ result: 0 });
  }
});

it("compares bytes in DELEX, also in a pipeline and in a transaction", async () => {
  const server = await startServer();
  await server.fetchText("GET", "/set/k/%ff%00%0d%0a");
  expect((await server.fetchText("GET", "/delex/k/IFEQ/%ff%00%0d")).json).toEqual({ result: 0 });
  expect((await server.fetchText("GET", "/delex/k/IFEQ/%ff%00%0d%0a")).json).toEqual({ result: 1 });
  for (const path of ["/pipeline", "/multi-exec"]) {
    const { text } = await server.post(path, [
      ["SET", "k", 1],
      ["DELEX", "k", "IFEQ", 1],
      ["EXISTS", "k"],
    ]);
    expect(JSON.parse(text)).toEqual([{ result: "OK" }, { result: 1 }, { result: 0 }]);
  }
});

it("refuses an invalid DELEX", async () => {
  const server = await startServer();
  expect((await server.command("DELEX")).error).toMatch(/^ERR wrong number of arguments/);
  expect((await server.command("DELEX", "k", "IFEQ")).error).toMatch(/^ERR/);
  expect((await server.command("DELEX", "k", "NOPE", "v")).error).toMatch(/^ERR/);
  await server.command("RPUSH", "list", "x");
  expect((await server.command("DELEX", "list", "IFEQ", "x")).error).toMatch(/^(WRONGTYPE|ERR)/);
  expect(await server.command("EXISTS", "list")).toEqual({ result: 1 });
});

it("says that DELEX by digest is not available where the engine cannot do it", async () => {
  const server = await startServer();
  await server.command("SET", "k", "v");
  const answer = await server.command("DELEX", "k", "IFDEQ", "0011223344556677");
  expect(answer).toEqual((await hasCommand("DELEX")) ? { result: 0 } : { error: notAvailable("DELEX IFDEQ") });
});

it("returns the type of every key that SCAN … WITHTYPE finds", async () => {
  const server = await startServer();
  await server.pipeline(
    ["SET", "s", 1],
    ["HSET", "h", "f", "v"],
    ["RPUSH", "l", 1],
    ["ZADD", "z", 1, "m"],
    ["XADD", "x", "*", "f", "v"],
  );
  const found = new Map<string, string>();
  let cursor = "0";
  do {
    const { result } = await server.command("SCAN", cursor, "MATCH", "?", "WITHTYPE", "COUNT", 2);
    const [next, list] = result as [string, string[]];
    for (let i = 0; i < list.length; i += 2) found.set(list[i] ?? "", list[i + 1] ?? "");
    cursor = next;
  } while (cursor !== "0");
  expect(Object.fromEntries(found)).toEqual({ s: "string", h: "hash", l: "list", z: "zset", x: "stream" });
  expect(await server.command("SCAN", 0, "MATCH", "h", "COUNT", 100)).toEqual({ result: ["0", ["h"]] });
  expect(await server.command("SCAN", 0, "MATCH", "h", "COUNT", 100, "WITHTYPE")).toEqual({
    result: ["0", ["h", "hash"]],
  });
  expect(await server.command("SCAN", "x", "WITHTYPE")).toEqual({ error: "ERR invalid cursor" });
});

it.each([
  ["SET IFEQ", ["SET", "k", "w", "IFEQ", "v"]],
  ["SET IFNE", ["SET", "k", "w", "IFNE", "other"]],
  ["SET IFDEQ", ["SET", "k", "w", "IFDEQ", "0011223344556677"]],
  ["BITOP DIFF", ["BITOP", "DIFF", "dest", "a", "b"]],
  ["BITOP ONE", ["BITOP", "ONE", "dest", "a", "b"]],
])("runs %s, or says that it is not available: never a syntax error", async (name, command) => {
  const server = await startServer();
  await server.command("SET", "k", "v");
  const own = await askEngine(...command);
  const isLacking = own instanceof ReplyError && own.text.startsWith("ERR syntax error");
  const answer = await server.command(...command);
  if (isLacking) expect(answer).toEqual({ error: notAvailable(name) });
  else expect(answer).toHaveProperty("result");
});

it("keeps a real syntax error, whatever the value is called", async () => {
  const server = await startServer();
  expect((await server.command("SET", "k", "IFNE", "NOPE")).error).toMatch(/^ERR syntax error/);
  expect((await server.command("SET", "k", "v", "EX", "1", "PX", "1")).error).toMatch(/^ERR syntax error/);
});

it("swaps a value with SET … IFEQ … PX … GET where the engine can", async () => {
  const server = await startServer();
  await server.command("SET", "k", "old");
  const own = await askEngine("SET", "probe", "x", "IFEQ", "y");
  if (own instanceof ReplyError) {
    expect(await server.command("SET", "k", "new", "IFEQ", "old")).toEqual({ error: notAvailable("SET IFEQ") });
    return;
  }
  expect(await server.command("SET", "k", "new", "IFEQ", "wrong")).toEqual({ result: null });
  const [seconds] = (await server.command("TIME")).result as [string];
  expect(await server.command("SET", "k", "new", "IFEQ", "old", "PX", 60_000, "GET")).toEqual({ result: "old" });
  expect(await server.command("GET", "k")).toEqual({ result: "new" });
  expect(Number((await server.command("EXPIRETIME", "k")).result)).toBeGreaterThanOrEqual(Number(seconds) + 60);
});

it.each([
  ["HSETEX", ["HSETEX", "h", "EX", 100, "FIELDS", 1, "f", "v"], 1],
  ["HGETEX", ["HGETEX", "h", "EX", 100, "FIELDS", 1, "f"], [null]],
  ["HEXPIRE", ["HEXPIRE", "h", 100, "FIELDS", 1, "f"], [-2]],
  ["JSON.GET", ["JSON.GET", "k"], null],
  ["XDELEX", ["XDELEX", "x", "IDS", 1, "1-1"], [-1]],
])("runs %s, or says that it is not available", async (name, command, result) => {
  const server = await startServer();
  const answer = await server.command(...command);
  expect(answer).toEqual((await hasCommand(name)) ? { result } : { error: notAvailable(name) });
});
