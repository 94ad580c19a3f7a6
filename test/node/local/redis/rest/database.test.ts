import { expect, it } from "vitest";
import { createEngine } from "../../../../../local/redis/index.ts";
import { eventually, startServer } from "../support.ts";

const notAllowed = (name: string) => `ERR Command "${name}" is not allowed in REST or it has a special context path`;
const notAvailable = (name: string) =>
  `ERR Command is not available: '${name}'. See https://upstash.com/docs/redis/overall/rediscompatibility for details`;

it("answers a pipeline in order, each command with its own outcome", async () => {
  const server = await startServer();
  const answer = await server.post("/pipeline", [
    ["SET", "k", "v"],
    ["INCR", "k"],
    ["FOO"],
    ["WATCH", "k"],
    ["GET", "k"],
  ]);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toEqual([
    { result: "OK" },
    { error: "ERR value is not an integer or out of range" },
    { error: notAvailable("FOO") },
    { error: notAllowed("WATCH") },
    { result: "v" },
  ]);
});

it("runs a transaction as a whole, with run-time errors in their places", async () => {
  const server = await startServer();
  const answer = await server.post("/multi-exec", [
    ["SET", "k", "v"],
    ["INCR", "k"],
    ["SELECT", 0],
    ["GET", "k"],
  ]);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toEqual([
    { result: "OK" },
    { error: "ERR value is not an integer or out of range" },
    { result: "OK" },
    { result: "v" },
  ]);
});

it.each([
  ["an unknown command", ["FOO", "x"], notAvailable("FOO")],
  ["a wrong number of arguments", ["GET"], "ERR wrong number of arguments for 'get' command"],
  ["a script without keys", ["EVAL"], "ERR wrong number of arguments for 'eval' command"],
  ["a command refused over REST", ["WATCH", "k"], notAllowed("WATCH")],
])("discards a transaction with %s, with one error for the whole", async (_what, command, error) => {
  const server = await startServer();
  const answer = await server.post("/multi-exec", [["SET", "k", "v"], command, ["GET", "k"]]);
  expect(answer).toMatchObject({ status: 400, json: { error } });
  expect(await server.command("EXISTS", "k")).toEqual({ result: 0 });
  expect(await server.command("SET", "k", "not queued any more")).toEqual({ result: "OK" });
});

it("runs no command of another request inside a transaction", async () => {
  const server = await startServer();
  const transactions = Array.from({ length: 40 }, () =>
    server
      .post("/multi-exec", [
        ["SET", "k", 0],
        ["INCR", "k"],
        ["GET", "k"],
      ])
      .then(({ text }) => JSON.parse(text)),
  );
  const others = Array.from({ length: 40 }, () => server.command("INCR", "k"));
  for (const outcome of await Promise.all(transactions)) {
    expect(outcome).toEqual([{ result: "OK" }, { result: 1 }, { result: "1" }]);
  }
  await Promise.all(others);
});

it.each(
  `MULTI|EXEC|DISCARD|WATCH k|UNWATCH|SUBSCRIBE c|PSUBSCRIBE p|SSUBSCRIBE c|UNSUBSCRIBE|MONITOR|HELLO 3|AUTH x|QUIT|RESET
  |READONLY|ASKING|SYNC|PSYNC ? -1|REPLCONF x y`
    .split("|")
    .map((text) => text.trim().split(" ")),
)("refuses %s, which would affect other requests", async (...command) => {
  const server = await startServer();
  const text = notAllowed(command[0] ?? "");
  expect(await server.post("/", command)).toMatchObject({ status: 400, json: { error: text } });
  expect((await server.pipeline(command.map((part) => part.toLowerCase())))[0]).toEqual({ error: text });
  expect(await server.command("PING")).toEqual({ result: "PONG" });
});

it.each([
  "CONFIG SET maxmemory 1",
  "CONFIG RESETSTAT",
  "DEBUG SLEEP 5",
  "SHUTDOWN NOSAVE",
  "ACL SETUSER default off",
  "REPLICAOF NO ONE",
  "SWAPDB 0 1",
  "MOVE k 1",
  "FAILOVER",
  "MODULE LIST",
  "CLUSTER INFO",
])("says that %s is not available, as at Upstash", async (line) => {
  const server = await startServer();
  const command = line.split(" ");
  expect(await server.command(...command)).toEqual({ error: notAvailable(command[0] ?? "") });
  expect(await server.command("PING")).toEqual({ result: "PONG" });
});

it("accepts SELECT 0 and CLIENT SETINFO, and no other database or CLIENT command", async () => {
  const server = await startServer();
  expect(await server.command("SELECT", 0)).toEqual({ result: "OK" });
  expect(await server.command("CLIENT", "SETINFO", "LIB-NAME", "x")).toEqual({ result: "OK" });
  expect((await server.command("SELECT", 1)).error).toMatch(/^ERR there is only database 0/);
  expect(await server.command("CLIENT", "REPLY", "OFF")).toEqual({ error: notAllowed("CLIENT REPLY") });
  expect(await server.command("CLIENT", "PAUSE", "10000")).toEqual({ error: notAllowed("CLIENT PAUSE") });
  expect(await server.command("SCRIPT", "DEBUG", "YES")).toEqual({ error: notAllowed("SCRIPT DEBUG") });
  expect(await server.command("SET", "k", "v")).toEqual({ result: "OK" });
});

it.each([
  ["BLPOP", ["BLPOP", "list", 0], ["RPUSH", "list", "x"], ["list", "x"]],
  [
    "XREAD BLOCK",
    ["XREAD", "BLOCK", 0, "STREAMS", "stream", "0"],
    ["XADD", "stream", "1-1", "f", "v"],
    [["stream", [["1-1", ["f", "v"]]]]],
  ],
  ["BLMOVE", ["BLMOVE", "from", "to", "LEFT", "RIGHT", 0], ["RPUSH", "from", "x"], "x"],
])("lets %s block without delaying other requests", async (_name, blocking, unblocking, result) => {
  const server = await startServer();
  const waiting = server.command(...blocking);
  expect(await server.command("PING")).toEqual({ result: "PONG" });
  await server.command(...unblocking);
  expect(await waiting).toEqual({ result });
});

it("keeps the order of a pipeline around a blocking command", async () => {
  const server = await startServer();
  const waiting = server.pipeline(
    ["SET", "k", "before"],
    ["BLPOP", "list", 0],
    ["GET", "k"],
    ["BLPOP", "list", 0.01],
    ["PING"],
  );
  await eventually(async () => (await server.command("GET", "k")).result === "before");
  await server.pipeline(["SET", "k", "meanwhile"], ["RPUSH", "list", "x"]);
  expect(await waiting).toEqual([
    { result: "OK" },
    { result: ["list", "x"] },
    { result: "meanwhile" },
    { result: null },
    { result: "PONG" },
  ]);
});

it("does not block inside a transaction", async () => {
  const server = await startServer();
  const { text } = await server.post("/multi-exec", [
    ["BLPOP", "list", 0],
    ["XREAD", "BLOCK", 0, "STREAMS", "s", "$"],
  ]);
  expect(JSON.parse(text)).toEqual([{ result: null }, { result: null }]);
});

it("stops a blocking command when its client disconnects, and takes no value for it", async () => {
  const server = await startServer({ backend: await createEngine() });
  const abort = new AbortController();
  const waiting = fetch(`${server.url}/blpop/list/0`, {
    headers: { Authorization: "Bearer a-token-for-tests" },
    signal: abort.signal,
  });
  const blockedClients = async () =>
    /blocked_clients:(\d+)/.exec(String((await server.command("INFO", "clients")).result))?.[1];
  await eventually(async () => (await blockedClients()) === "1");
  abort.abort();
  await expect(waiting).rejects.toThrow();
  await eventually(async () => (await blockedClients()) === "0");
  expect(await server.command("RPUSH", "list", "x")).toEqual({ result: 1 });
  expect(await server.command("LLEN", "list")).toEqual({ result: 1 });
});

it("runs XREAD on a stream named BLOCK without blocking", async () => {
  const server = await startServer();
  await server.command("XADD", "BLOCK", "1-1", "f", "v");
  expect(await server.command("XREAD", "STREAMS", "BLOCK", "0")).toEqual({
    result: [["BLOCK", [["1-1", ["f", "v"]]]]],
  });
});
