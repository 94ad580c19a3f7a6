import { expect, it } from "vitest";
import { createEngine } from "../../../../../local/redis/index.ts";
import { encodeReplies } from "../../../../../local/redis/resp/encode.ts";
import { type Reply, ReplyError, Status } from "../../../../../local/redis/resp/reply.ts";
import { openDatabase } from "../../../../../local/redis/rest/database.ts";
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

/** A database on an engine that is the test: it replies with what is given, in order, and `undefined` ends its connection. */
async function openScripted(...replies: (Reply | undefined)[]) {
  const engine = { sent: [] as string[], opened: 0, closes: 0 };
  const waiting: (Reply | undefined)[] = [[null], new ReplyError("ERR no statistics"), ...replies];
  const database = await openDatabase({
    description: "a test",
    onCrash: () => {},
    close: async () => void (engine.closes += 1),
    async connect() {
      engine.opened += 1;
      let answer: (chunk: Uint8Array) => void = () => {};
      let end: () => void = () => {};
      return {
        write(bytes) {
          for (const [, name = ""] of Buffer.from(bytes)
            .toString()
            .matchAll(/\*\d+\r\n\$\d+\r\n(.*)\r\n/g)) {
            engine.sent.push(name);
            const reply = waiting.shift();
            if (reply === undefined) return end();
            answer(encodeReplies([reply]));
          }
        },
        onData: (listener) => void (answer = listener),
        onClose: (listener) => void (end = listener),
        close: () => {},
      };
    },
  });
  engine.sent.length = 0;
  return { engine, database };
}
const queued = new Status("QUEUED");

it("refuses a transaction that the engine refuses as a whole, in its words", async () => {
  const { database } = await openScripted(new Status("OK"), queued, new ReplyError("OOM too much"));
  await expect(database.transaction([["SET", "k", "v"]])).rejects.toMatchObject({
    status: 400,
    message: "OOM too much",
  });
  const { database: other } = await openScripted(new Status("OK"), queued, null);
  await expect(other.transaction([["SET", "k", "v"]])).rejects.toMatchObject({
    status: 400,
    message: "EXECABORT Transaction discarded.",
  });
});

it("gives each command of a transaction its own error, of several the first", async () => {
  const error = (text: string) => new ReplyError(text);
  const { database } = await openScripted(
    new Status("OK"),
    queued,
    error("ERR one"),
    error("ERR two"),
    error("EXECABORT"),
  );
  await expect(database.transaction([["SET"], ["GET"], ["DEL"]])).rejects.toMatchObject({
    status: 400,
    message: "ERR one",
  });
});

it("asks an engine once which commands read, and again when it did not say", async () => {
  const list = [[Buffer.from("get"), 2, [new Status("readonly")]]];
  const { engine, database } = await openScripted(undefined, list);
  await expect(database.readCommands()).rejects.toThrow("closed");
  expect([await database.readCommands(), await database.readCommands()]).toEqual([new Set(["GET"]), new Set(["GET"])]);
  expect(engine.sent).toEqual(["COMMAND", "COMMAND"]);
});

it("runs scripts alone on an engine without statistics, and DELEX by its script", async () => {
  const { engine, database } = await openScripted(1, 0);
  expect(
    await database.pipeline(
      [
        ["EVAL", "return 1", "0"],
        ["DELEX", "k", "IFEQ", "v"],
      ],
      () => {},
    ),
  ).toEqual([1, 0]);
  expect(engine.sent).toEqual(["EVAL", "EVAL"]);
  expect(engine.opened).toBe(1);
});

it("tells a value that is missing from a command that fails, without billing either", async () => {
  const { database } = await openScripted(null, new ReplyError("ERR x"));
  expect([await database.peek(["GET", "k"]), await database.peek(["FOO"])]).toEqual([null, new ReplyError("ERR x")]);
  expect(database.bill.counters().commands).toBe(0);
});

it("numbers its answers, and ends every wait when it closes", async () => {
  const database = await openDatabase(await createEngine());
  const tokens = Array.from({ length: 33 }, () => database.syncToken());
  expect([tokens[0], tokens[9], tokens[31], tokens[32]]).toEqual(["00000001", "0000000A", "00000010", "00000011"]);
  const waiting = database.pipeline([["BLPOP", "list", "0"]], () => {});
  expect(database.closing.aborted).toBe(false);
  await database.peek(["PING"]);
  const pending = database.peek(["PING"]);
  await Promise.all([
    expect(waiting).rejects.toThrow("The embedded Valkey was closed."),
    expect(pending).rejects.toThrow("The Redis REST server was closed."),
    database.close(),
  ]);
  expect(database.closing.aborted).toBe(true);
  await expect(database.backend.connect()).rejects.toThrow("The embedded Valkey was closed.");
});

it("opens a connection for each blocking command, and closes it when that is over", async () => {
  const server = await startServer({ backend: await createEngine() });
  const clients = async () => /connected_clients:(\d+)/.exec(String(await server.peek("INFO", "clients")))?.[1];
  await server.pipeline(["BLPOP", "list", 0.01], ["PING"], ["BLPOP", "list", 0.01], ["BLPOP", "list", 0.01]);
  await eventually(async () => (await clients()) === "1");
  expect((await server.command("EVAL")).error).toBe("ERR wrong number of arguments for 'eval' command");
  expect(await server.pipeline(["EVAL"], ["PING"])).toEqual([
    { error: "ERR wrong number of arguments for 'eval' command" },
    { result: "PONG" },
  ]);
});
