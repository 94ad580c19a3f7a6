import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { createEngine, createEngineThread } from "../../../../../local/redis/index.ts";
import { startServer } from "../support.ts";

const sha1 = (text: string) => createHash("sha1").update(text).digest("hex");
const noScript = { error: "NOSCRIPT No matching script. Please use EVAL." };

/** Returns a script that no other test has run, on an engine that tests may share. */
const unique = (flags: string) => `#!lua${flags}\nreturn {KEYS[1], ARGV[1]} -- ${crypto.randomUUID()}`;

it("runs scripts with the flag allow-key-locking, alone and among others", async () => {
  const server = await startServer();
  for (const flags of [
    " flags=allow-key-locking",
    " flags=no-writes,allow-key-locking",
    " flags=allow-key-locking,no-writes",
  ]) {
    const { result } = await server.command("EVAL", unique(flags), 1, "k", "a");
    expect(result).toMatchObject(["k", "a"]);
    expect((await server.command("EVAL_RO", unique(" flags=no-writes,allow-key-locking"), 1, "k", "a")).result).toEqual(
      ["k", "a"],
    );
  }
});

it("refuses a flagged script each key that is not among its KEYS", async () => {
  const server = await startServer();
  const flagged = (body: string) => `#!lua flags=allow-key-locking\n${body}`;
  const refused = (key: string) =>
    `ERR Dynamic keys are not allowed in Lua scripts when 'allow-key-locking' flag is set. Key was: ${key}`;
  const run = (body: string, ...rest: unknown[]) => server.command("EVAL", flagged(body), ...rest);
  expect((await run("return redis.call('SET', KEYS[1] .. ARGV[1], 1)", 1, "k", "x")).error).toContain(refused("kx"));
  expect((await run("return redis.call('MGET', KEYS[1], 'other')", 1, "k")).error).toContain(refused("other"));
  expect(await run("return redis.pcall('GET', ARGV[1]).err", 0, "k")).toEqual({ result: refused("k") });
  expect(await run("return redis.call('GET', ARGV[1] .. 'y')", 2, "a", "xy", "x")).toEqual({ result: null });
  expect(await run("redis.call('INCR', KEYS[1]) return #redis.call('TIME')", 1, "k")).toEqual({ result: 2 });
  const error = (await run("return 1\n.. redis.call('INCR', KEYS[1]) .. nil", 1, "k")).error;
  expect(error).toMatch(/user_script:3:/);
  // The same without the flag, and what is billed for one with it.
  expect(await server.command("EVAL", "return redis.call('GET', ARGV[1])", 0, "k")).toEqual({ result: "2" });
  const cost = await server.cost(() => run("return redis.call('GET', KEYS[1])", 1, "k"));
  expect(cost.byCommand).toEqual({ EVAL: 1, GET: 1 });
});

it("keeps the other flags of a script", async () => {
  const server = await startServer();
  const script = "#!lua flags=no-writes,allow-key-locking\nreturn redis.call('SET', KEYS[1], 1)";
  expect((await server.command("EVAL", script, 1, "k")).error).toMatch(/Write commands are not allowed/);
});

it("runs a flagged script by the SHA1 of the client's text", async () => {
  const server = await startServer();
  const script = unique(" flags=allow-key-locking");
  const sha = sha1(script);
  expect(await server.command("SCRIPT", "EXISTS", sha, "ffff")).toEqual({ result: [0, 0] });
  expect(await server.command("EVALSHA", sha, 1, "k", "a")).toEqual(noScript);
  expect(await server.command("SCRIPT", "LOAD", script)).toEqual({ result: sha });
  expect(await server.command("SCRIPT", "EXISTS", "ffff", sha, sha.toUpperCase())).toEqual({ result: [0, 1, 1] });
  expect((await server.command("EVALSHA", sha, 1, "k", "a")).result).toMatchObject(["k", "a"]);
  expect((await server.command("EVALSHA", sha.toUpperCase(), 1, "k", "a")).result).toMatchObject(["k", "a"]);
  const readOnly = unique(" flags=no-writes,allow-key-locking");
  await server.command("EVAL", readOnly, 1, "k", "a");
  expect((await server.command("EVALSHA_RO", sha1(readOnly), 1, "k", "a")).result).toMatchObject(["k", "a"]);
});

it("runs a flagged script by SHA1 after EVAL, in pipelines and in transactions", async () => {
  const server = await startServer();
  for (const path of ["/pipeline", "/multi-exec"]) {
    const script = unique(" flags=allow-key-locking");
    const { text } = await server.post(path, [
      ["EVAL", script, 1, "k", "a"],
      ["EVALSHA", sha1(script), 1, "k", "b"],
      ["SCRIPT", "EXISTS", sha1(script)],
    ]);
    expect(JSON.parse(text)).toMatchObject([{ result: ["k", "a"] }, { result: ["k", "b"] }, { result: [1] }]);
  }
});

it("passes other scripts on unchanged", async () => {
  const server = await startServer();
  for (const script of [unique(""), `return '#!lua flags=allow-key-locking ${crypto.randomUUID()}'`]) {
    expect(await server.command("SCRIPT", "LOAD", script)).toEqual({ result: sha1(script) });
    expect(await server.command("EVALSHA", sha1(script), 1, "k", "a")).toEqual(
      await server.command("EVAL", script, 1, "k", "a"),
    );
  }
  expect((await server.command("EVAL", "#!lua flags=no-such-flag\nreturn 1", 0)).error).toMatch(/flag/i);
});

it("forgets scripts when the engine does", async () => {
  const server = await startServer({ backend: await createEngine() });
  const script = unique(" flags=allow-key-locking");
  await server.command("SCRIPT", "LOAD", script);
  expect(await server.command("SCRIPT", "FLUSH")).toEqual({ result: "OK" });
  expect(await server.command("EVALSHA", sha1(script), 1, "k", "a")).toEqual(noScript);
});

it("says NOSCRIPT in Upstash's words", async () => {
  const server = await startServer();
  const missing = "0".repeat(40);
  expect(await server.command("EVALSHA", missing, 0)).toEqual(noScript);
  expect(await server.pipeline(["EVALSHA_RO", missing, 0])).toEqual([noScript]);
});

it("returns errors that a script raises or returns", async () => {
  const server = await startServer();
  expect((await server.command("EVAL", "return redis.error_reply('MINE went wrong')", 0)).error).toMatch(
    /^MINE went wrong/,
  );
  expect((await server.command("EVAL", "this is no Lua", 0)).error).toMatch(/^ERR Error compiling script/);
  expect((await server.command("EVAL", "return redis.call('GET')", 0)).error).toMatch(/^ERR/);
});

it("answers a script that does not end with its error, and goes on with its data", async () => {
  const server = await startServer({ backend: await createEngineThread({ stuckMs: 100, silentMs: 15_000 }) });
  await server.command("SET", "k", "v");
  const stuck = await server.post("/", ["EVAL", "while true do end", 0]);
  expect([stuck.status, stuck.json.error]).toEqual([400, expect.stringContaining("Script killed by user")]);
  const pipeline = await server.pipeline(["EVAL", "while true do end", 0], ["GET", "k"]);
  expect(pipeline).toEqual([{ error: expect.stringContaining("Script killed by user") }, { result: "v" }]);
  const written = await server.post("/", ["EVAL", "redis.call('SET', 'k', 'half') while true do end", 0]);
  expect([written.status, written.json.error]).toEqual([503, expect.stringContaining("its writes were undone")]);
  expect(await server.command("GET", "k")).toEqual({ result: "v" });
});
