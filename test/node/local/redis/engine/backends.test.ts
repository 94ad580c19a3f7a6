import { afterEach, describe, expect, it } from "vitest";
import type { Backend } from "../../../../../local/redis/backend.ts";
import {
  createEngine,
  createEngineThread,
  createReplacedEngine,
  createTcpBackend,
} from "../../../../../local/redis/index.ts";
import { createRespClient } from "../../../../../local/redis/resp/client.ts";
import { type Reply, ReplyError, Status } from "../../../../../local/redis/resp/reply.ts";
import { openReplyStream } from "../../../../../local/redis/resp/stream.ts";

const redisUrl = process.env["REDIS_URL"];
const opened: Backend[] = [];

afterEach(async () => {
  for (const backend of opened.splice(0)) await backend.close();
});

async function open(create: () => Promise<Backend>): Promise<Backend> {
  const backend = await create();
  opened.push(backend);
  return backend;
}

const kinds: [string, () => Promise<Backend>][] = [
  ["in process", () => createEngine()],
  ["in a thread", () => createEngineThread()],
  ...(redisUrl === undefined
    ? []
    : ([["over TCP", async () => createTcpBackend({ url: redisUrl })]] as [string, () => Promise<Backend>][])),
];

const text = (reply: Reply | undefined): unknown => {
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString();
  if (reply instanceof Status || reply instanceof ReplyError) return reply.text;
  return Array.isArray(reply) ? reply.map(text) : reply;
};

describe.each(kinds)("an engine %s", (_kind, create) => {
  async function connect() {
    const backend = await open(create);
    const client = createRespClient(backend);
    const run = async (...command: string[]) => text((await client.send([command]))[0]);
    await run("FLUSHALL");
    return { backend, client, run };
  }

  it("keeps values, expires them no earlier than asked, and runs scripts", async () => {
    const { client, run } = await connect();
    const now = async () => {
      const [seconds, microseconds] = (await run("TIME")) as string[];
      return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
    };
    const before = await now();
    // A transaction sees one time from its first command to its last.
    const [, , , results] = await client.send([
      ["MULTI"],
      ["SET", "k", "v", "PX", "30"],
      ["PEXPIRETIME", "k"],
      ["EXEC"],
    ]);
    const [done, expiresAt] = text(results) as [string, number];
    expect(done).toBe("OK");
    expect(expiresAt).toBeGreaterThanOrEqual(before + 30);
    while ((await run("GET", "k")) !== null);
    expect(await now()).toBeGreaterThanOrEqual(expiresAt);
    expect(await run("EVAL", "return cjson.encode({ARGV[1]})", "0", "x")).toBe('["x"]');
    expect(await run("EVAL", "return redis.pcall('NOPE').err ~= nil and 1 or 0", "0")).toBe(1);
  });

  it("wakes a blocked reader at the first value, and ends a wait at its timeout", async () => {
    const { backend, run } = await connect();
    const reader = createRespClient(backend);
    const waiting = reader.send([["XREAD", "BLOCK", "0", "STREAMS", "s", "$"]]);
    while (!String(await run("INFO", "clients")).includes("blocked_clients:1"));
    await run("XADD", "s", "1-1", "f", "v");
    expect(text((await waiting)[0])).toEqual([["s", [["1-1", ["f", "v"]]]]]);
    expect(text((await reader.send([["BLPOP", "nothing", "0.01"]]))[0])).toBeNull();
    reader.close();
  });

  it("sends a published message to every subscriber", async () => {
    const { backend, run } = await connect();
    const seen: unknown[] = [];
    const stream = await openReplyStream(backend, { onReply: (reply) => seen.push(text(reply)), onClose: () => {} });
    stream.start(["SUBSCRIBE", "news"]);
    while ((await run("PUBLISH", "news", "x")) === 0);
    await expect
      .poll(() => seen)
      .toEqual([
        ["subscribe", "news", 1],
        ["message", "news", "x"],
      ]);
    stream.close();
  });

  it("answers many concurrent commands in order, and large values whole", async () => {
    const { client, run } = await connect();
    const replies = await client.send(Array.from({ length: 10_000 }, (_, i) => ["ECHO", String(i)]));
    expect(replies.map(text)).toEqual(Array.from({ length: 10_000 }, (_, i) => String(i)));
    const large = "x".repeat(5_000_000);
    await run("SET", "large", large);
    expect(await run("GET", "large")).toBe(large);
    expect((await run("LRANGE", "missing", "0", "-1")) as unknown[]).toEqual([]);
  });

  it("accepts far more connections than it has descriptors, one after another", async () => {
    const { backend, run } = await connect();
    for (let i = 0; i < 7_000; i++) {
      const connection = await backend.connect();
      if (i % 500 === 0) {
        const answer = new Promise<Uint8Array>((resolve) => connection.onData(resolve));
        connection.write(Buffer.from("PING\r\n"));
        expect(Buffer.from(await answer).toString()).toBe("+PONG\r\n");
      }
      connection.close();
    }
    await expect.poll(() => run("INFO", "clients")).toMatch(/connected_clients:1\r/);
  });

  it("drops a client that leaves in the middle of a command, and no other", async () => {
    const { backend, run } = await connect();
    const half = await backend.connect();
    half.write(Buffer.from("*2\r\n$3\r\nGET\r\n$100\r\nabc"));
    half.close();
    expect(await run("PING")).toBe("PONG");
  });

  it("closes its connections and refuses new ones once it is closed", async () => {
    const { backend, client } = await connect();
    const waiting = expect(client.send([["BLPOP", "k", "0"]])).rejects.toThrow();
    await backend.close();
    await backend.close();
    await waiting;
    if (!backend.description.startsWith("redis")) await expect(backend.connect()).rejects.toThrow(/closed/);
  });
});

describe.each(kinds.slice(0, 2))("a crash of the engine %s", (_kind, create) => {
  it.each([
    ["SHUTDOWN", ["SHUTDOWN", "NOSAVE"]],
    [
      "a script that overflows the stack",
      ["EVAL", "return string.find(string.rep('a',200000), string.rep('a?',200000)..'b')", "0"],
    ],
  ])("reports a crash by %s once, to every client, and does not recover", async (_how, command) => {
    const backend = await open(create);
    const reasons: string[] = [];
    const crash = new Promise<Error>((resolve) => backend.onCrash(resolve));
    const bystander = createRespClient(backend);
    const blocked = bystander.send([["BLPOP", "k", "0"]]).catch((reason: Error) => reasons.push(reason.message));
    const killer = createRespClient(backend);
    await killer.send([command]).catch((reason: Error) => reasons.push(reason.message));
    await blocked;
    expect((await crash).message).toMatch(/Its data is lost; start a new one/);
    expect(reasons).toEqual([(await crash).message, (await crash).message]);
    await expect(backend.connect()).rejects.toThrow(/start a new one/);
  });

  it("leaves other engines of the process running when one crashes", async () => {
    const one = createRespClient(await open(create));
    const other = createRespClient(await open(create));
    await other.send([["SET", "k", "other"]]);
    expect(text((await one.send([["GET", "k"]]))[0])).toBeNull();
    await one.send([["SHUTDOWN", "NOSAVE"]]).catch(() => {});
    expect(text((await other.send([["GET", "k"]]))[0])).toBe("other");
  });
});

const limited: [string, () => Promise<Backend>][] = [
  ["in process", () => createEngine({ stuckMs: 100 })],
  ["in a thread", () => createEngineThread({ stuckMs: 100, silentMs: 15_000 })],
];

describe.each(limited)("a script that does not end, %s", (_kind, create) => {
  it.each([
    ["", "while true do end"],
    [" whose errors are caught", "while true do pcall(function() while true do end end) end"],
  ])("kills an endless script%s with the engine's error, and keeps the data", async (_how, script) => {
    const client = createRespClient(await open(create));
    await client.send([["SET", "k", "v"]]);
    // The commands behind the script on its connection run once it has ended.
    const [killed, after] = await client.send([
      ["EVAL", script, "0"],
      ["GET", "k"],
    ]);
    expect(text(killed)).toMatch(/^ERR .*Script killed by user with SCRIPT KILL/);
    expect(text(after)).toBe("v");
    expect(text((await client.send([["EVAL", "return 1", "0"]]))[0])).toBe(1);
  });

  it("undoes the writes of an endless script, keeps what was there, and answers the others", async () => {
    const backend = await open(create);
    const [client, bystander, leaving] = [
      createRespClient(backend),
      createRespClient(backend),
      createRespClient(backend),
    ];
    await Promise.all([client.send([["SET", "k", "before"]]), bystander.send([["PING"]]), leaving.send([["PING"]])]);
    const script = "redis.call('SET', 'k', 'half') while true do redis.call('INCR', 'n') end";
    for (let round = 1; round <= 2; round++) {
      const stuck = client.send([["EVAL", script, "0"]]);
      if (round === 1) leaving.close();
      await expect(stuck).rejects.toThrow(/did not end within 0\.1 s. It was ended, and its writes were undone/);
      expect(
        (
          await bystander.send([
            ["MGET", "k", "n"],
            ["INCR", "count"],
          ])
        ).map(text),
      ).toEqual([["before", null], round]);
      // The client of the script connects anew.
      expect(
        (
          await client.send([
            ["GET", "k"],
            ["EVAL", "return redis.call('GET', 'k')", "0"],
          ])
        ).map(text),
      ).toEqual(["before", "before"]);
    }
    const late = createRespClient(backend);
    expect(text((await late.send([["PING"]]))[0])).toBe("PONG");
    const info = async () => text((await late.send([["INFO", "clients"]]))[0]);
    await expect.poll(info).toMatch(/connected_clients:3\r/);
  });

  it("kills a function that does not end", async () => {
    const client = createRespClient(await open(create));
    const library = "#!lua name=loops\nredis.register_function('loop', function() while true do end end)";
    const [, killed] = await client.send([
      ["FUNCTION", "LOAD", library],
      ["FCALL", "loop", "0"],
    ]);
    expect(text(killed)).toMatch(/^ERR .*Script killed by user/);
  });
});

describe("an engine thread that nothing else can stop", () => {
  /** A search in C, which never looks at the time. */
  const search = "return string.find(string.rep('a', 60), string.rep('a?', 60) .. string.rep('a', 60))";
  const runaway = ["EVAL", search, "0"];

  it("ends an engine thread with an endless search, and gives every client the reason", async () => {
    const backend = await open(() => createEngineThread({ stuckMs: 50, silentMs: 100 }));
    const crash = new Promise<Error>((resolve) => backend.onCrash(resolve));
    const client = createRespClient(backend);
    await expect(client.send([runaway])).rejects.toThrow(/a script that does not end/);
    expect((await crash).message).toMatch(/start a new one/);
  });

  it("closes an engine thread with an endless script", async () => {
    const backend = await open(() => createEngineThread());
    const client = createRespClient(backend);
    const stuck = expect(client.send([["EVAL", "while true do end", "0"]])).rejects.toThrow(/closed/);
    await backend.close();
    await stuck;
  });
});

describe("an engine that is replaced", () => {
  it("begins anew after a crash, says so, and serves the clients that connect again", async () => {
    const lines: string[] = [];
    const backend = await open(() => createReplacedEngine({ start: createEngine, log: (line) => lines.push(line) }));
    backend.onCrash((reason) => lines.push(reason.message));
    const client = createRespClient(backend);
    for (let crash = 1; crash <= 2; crash++) {
      await client.send([["SET", "k", "v"]]);
      await expect(client.send([["SHUTDOWN", "NOSAVE"]])).rejects.toThrow(/Its data is lost/);
      expect(text((await client.send([["GET", "k"]]))[0])).toBeNull();
      expect(lines.splice(0)).toEqual([
        expect.stringMatching(/Its data is lost; start a new one/),
        "A new, empty one was started.",
      ]);
    }
  });

  it("is tried again by the next client when it could not be started", async () => {
    let starts = 0;
    const start = () => (++starts === 2 ? Promise.reject(new Error("no memory")) : createEngine());
    const client = createRespClient(await open(() => createReplacedEngine({ start })));
    await client.send([["SHUTDOWN", "NOSAVE"]]).catch(() => {});
    await expect(client.send([["PING"]])).rejects.toThrow("no memory");
    expect(text((await client.send([["PING"]]))[0])).toBe("PONG");
  });

  it("does not start another engine once it is closed", async () => {
    let starts = 0;
    const backend = await open(() => createReplacedEngine({ start: () => (starts++, createEngine()) }));
    await createRespClient(backend)
      .send([["SHUTDOWN", "NOSAVE"]])
      .catch(() => {});
    await backend.close();
    await expect(backend.connect()).rejects.toThrow();
    expect(starts).toBe(1);
  });
});

describe("a Redis over TCP", () => {
  it.each([
    ["redis://127.0.0.1:6379/3", "Upstash has database 0 only"],
    ["http://127.0.0.1", "looks like redis://"],
    ["nonsense", "looks like redis://"],
  ])("refuses the Redis address %s in a sentence", (url, words) => {
    expect(() => createTcpBackend({ url })).toThrow(words);
  });

  it("reports a Redis that cannot be reached without its password", async () => {
    const backend = createTcpBackend({ url: "redis://user:hunter2@127.0.0.1:1" });
    const error = await backend.connect().then(
      () => "connected",
      (reason: Error) => reason.message,
    );
    expect(error).toMatch(/Cannot reach Redis at redis:\/\/127\.0\.0\.1:1: ECONNREFUSED\. Is it running\?/);
    expect(error).not.toContain("hunter2");
  });
});
