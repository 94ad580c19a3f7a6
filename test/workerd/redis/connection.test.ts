import { expect, it } from "vitest";
import { type Clock, systemClock } from "../../../src/platform/index.ts";
import {
  type ConnectionOptions,
  createConnection,
  createRedisState,
  type RedisEvent,
} from "../../../src/redis/index.ts";
import { createFakeClock, settle } from "../../support/clock.ts";
import { partsOf } from "../../support/connection.ts";
import { createDatabase, type Database } from "../../support/database.ts";

/** A connection of a fresh isolate to a fresh database, with everything it reports. */
function open(options: Partial<ConnectionOptions> = {}, database: Database = createDatabase()) {
  const state = createRedisState();
  const events: RedisEvent["type"][] = [];
  const connect = (more: Partial<ConnectionOptions> = {}) =>
    createConnection({
      url: database.url,
      token: database.token,
      state,
      fetch: database.fetch,
      clock: { ...database.clock, random: () => 0 },
      report: (event) => events.push(event.type),
      ...options,
      ...more,
    });
  return { database, state, events, connect, ...partsOf(connect()) };
}

/** Returns a clock of real sleeps on which no timer is late, so that no isolate looks busy. */
function createPunctualClock(): Clock {
  let now = 0;
  return {
    ...systemClock,
    now: () => now,
    async sleep(ms, signal) {
      const until = now + ms;
      await systemClock.sleep(ms, signal);
      if (!signal?.aborted) now = Math.max(now, until);
    },
  };
}

it("sends the commands of one tick as one ordered request", async () => {
  const { database, commands } = open();
  let answers: unknown;
  const cost = await database.cost(async () => {
    answers = await Promise.all([commands.set("k", "a"), commands.get("k"), commands.set("k", "b"), commands.get("k")]);
  });
  expect(answers).toEqual(["OK", "a", "OK", "b"]);
  expect(cost).toEqual({ requests: 1, GET: 2, SET: 2 });
});

it("counts commands that follow a few awaits to the same tick", async () => {
  const { database, commands } = open();
  const session = async () => {
    await Promise.resolve().then(() => null);
    return commands.get("session");
  };
  expect(await database.cost(() => Promise.all([commands.get("cache"), session()]))).toEqual({ requests: 1, GET: 2 });
});

it("sends a transaction as a separate request at its place in the order", async () => {
  const { database, commands } = open();
  const cost = await database.cost(async () => {
    const [, results, after] = await Promise.all([
      commands.set("k", "1"),
      commands.multi().incr("k").incr("k").exec(),
      commands.get("k"),
    ]);
    expect(results).toEqual([2, 3]);
    expect(after).toBe("3");
  });
  expect(cost).toMatchObject({ requests: 3, SET: 1, INCR: 2, GET: 1 });
});

it("keeps ids as strings, which the SDK's own deserialisation does not", async () => {
  const { commands } = open();
  // This snowflake survives the way through a double, so the SDK would make it a number.
  const id = "1100000000000000000";
  await commands.set("id", id);
  expect(await commands.get("id")).toBe(id);
});

it("refuses one command of a tick without spoiling the others", async () => {
  const { commands } = open();
  await commands.set("text", "x");
  const [bad, good] = await Promise.allSettled([commands.incr("text"), commands.get("text")]);
  expect(bad).toMatchObject({ reason: { code: "E_REDIS_REPLY", reply: "ERR" } });
  expect(good).toEqual({ status: "fulfilled", value: "x" });
});

it("names the refused command but not its arguments", async () => {
  const { commands } = open();
  await commands.set("secret-key", "secret-value");
  await expect(commands.incr("secret-key")).rejects.toThrow(/^Redis refused INCR: ERR value is not an integer/);
  await expect(commands.incr("secret-key")).rejects.not.toThrow(/secret/);
});

it("throws when Redis stalls, instead of returning a missing key", async () => {
  const { database, commands, stats, events } = open({ timeoutMs: 50, clock: createPunctualClock() });
  await database.break({ at: "before", do: "stall", ms: 5_000 });
  await expect(commands.get("k")).rejects.toMatchObject({ code: "E_REDIS_TIMEOUT" });
  expect(stats()).toMatchObject({ timeouts: 1, errors: 1 });
  expect(events).toEqual(["error"]);
  await database.mend();
});

it("lets commands of one tick share a request whatever their timeouts, and rejects each at its own timeout", async () => {
  const { database, connect } = open({ timeoutMs: 40, clock: createPunctualClock() });
  const connection = connect();
  await database.raw("MSET", "a", "1", "b", "2");
  const ask = () => Promise.allSettled([connection.commands.get("a"), connection.within(5_000).get("b")]);
  const cost = await database.cost(ask);
  expect(cost).toEqual({ requests: 1, GET: 2 });
  await database.break({ at: "before", do: "stall", ms: 120, times: 1 });
  const [short, long] = await ask();
  expect(short).toMatchObject({ status: "rejected", reason: { code: "E_REDIS_TIMEOUT" } });
  expect(long).toEqual({ status: "fulfilled", value: "2" });
  await database.break({ at: "before", do: "stall", ms: 120, times: 1 });
  const [write] = await Promise.allSettled([connection.commands.incr("a"), connection.within(5_000).get("b")]);
  expect(write).toMatchObject({ status: "rejected", reason: { code: "E_REDIS_UNKNOWN_OUTCOME" } });
});

it("reads again when the answer to a read was lost", async () => {
  const { database, commands, stats, events } = open();
  await database.raw("SET", "k", "v");
  await database.break({ at: "after", do: "drop", times: 2 });
  expect(await commands.get("k")).toBe("v");
  expect(stats()).toMatchObject({ retries: 2, errors: 2, requests: 3 });
  expect(events).toEqual(["error", "retry", "error", "retry", "connect"]);
});

it("does not repeat a write whose answer was lost, and says that its outcome is unknown", async () => {
  const { database, commands, stats } = open();
  await database.break({ at: "after", do: "drop", times: 1 });
  await expect(commands.incr("k")).rejects.toMatchObject({
    code: "E_REDIS_UNKNOWN_OUTCOME",
    message: expect.stringMatching(/^INCR may or may not have run/),
  });
  expect(await database.raw("GET", "k")).toBe("1");
  expect(stats().retries).toBe(0);
});

it("tells an unknown outcome from a lost read in the same tick", async () => {
  const { database, commands } = open();
  await database.break({ at: "after", do: "drop", times: 1 });
  const [write, read] = await Promise.allSettled([commands.incr("k"), commands.get("k")]);
  expect(write).toMatchObject({ reason: { code: "E_REDIS_UNKNOWN_OUTCOME" } });
  expect(read).toMatchObject({ reason: { code: "E_REDIS_UNAVAILABLE" } });
});

it("sends an overwriting write again when its answer was lost", async () => {
  const { database, commands } = open();
  await database.break({ at: "after", do: "drop", times: 1 });
  expect(await commands.set("k", "v", { px: 60_000 })).toBe("OK");
});

it("throws after the last attempt", async () => {
  const { database, commands, stats } = open({ retries: 1 });
  await database.break({ at: "before", do: "status", status: 502 });
  await expect(commands.get("k")).rejects.toThrow(/HTTP 502/);
  expect(stats()).toMatchObject({ requests: 2, retries: 1 });
  await database.mend();
});

it("sends a command again that a rate limit refused, even a write", async () => {
  const { database, commands } = open();
  await database.break({ at: "before", do: "status", status: 429, times: 1 });
  expect(await commands.incr("k")).toBe(1);
});

it("names the variables to check when the token is refused, and sends nothing again", async () => {
  const { commands, stats } = open({ token: "wrong" });
  await expect(commands.get("k")).rejects.toThrow(/HTTP 401.*UPSTASH_REDIS_REST_TOKEN/);
  expect(stats()).toMatchObject({ requests: 1, circuit: "closed" });
});

it("says that Redis cannot be reached, without naming the token", async () => {
  const { commands, database } = open({ url: "http://127.0.0.1:1", retries: 0 });
  const error = await commands.get("k").catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "E_REDIS_UNAVAILABLE" });
  expect(String(error)).not.toContain(database.token);
});

it("opens the circuit after repeated failures, sends nothing meanwhile, and closes it after a probe", async () => {
  const clock = createFakeClock();
  const { database, commands, events, stats } = open({
    clock,
    retries: 0,
    breaker: { threshold: 2, cooldownMs: 1_000 },
  });
  await database.break({ at: "before", do: "drop", times: 2 });
  await expect(commands.get("k")).rejects.toMatchObject({ code: "E_REDIS_UNAVAILABLE" });
  await expect(commands.get("k")).rejects.toMatchObject({ code: "E_REDIS_UNAVAILABLE" });
  expect(stats().circuit).toBe("open");

  const whileOpen = await database.cost(async () => {
    await expect(commands.get("k")).rejects.toMatchObject({
      code: "E_REDIS_CIRCUIT_OPEN",
      retryAt: clock.now() + 1_000,
    });
  });
  expect(whileOpen).toEqual({ requests: 0 });

  await clock.advance(1_000);
  expect(await commands.get("k")).toBeNull();
  expect(stats().circuit).toBe("closed");
  expect(events).toEqual(["error", "error", "lost", "connect", "restored"]);
});

it("shares the circuit between the invocations of an isolate and with no other isolate", async () => {
  const database = createDatabase();
  const ours = open({ retries: 0, breaker: { threshold: 1 } }, database);
  await database.break({ at: "before", do: "drop", times: 1 });
  await expect(ours.commands.get("k")).rejects.toThrow();
  await expect(ours.connect().commands.get("k")).rejects.toMatchObject({ code: "E_REDIS_CIRCUIT_OPEN" });
  expect(await open({}, database).commands.get("k")).toBeNull();
});

it("keeps at most six requests in flight", async () => {
  let inFlight = 0;
  let most = 0;
  const gate = Promise.withResolvers<void>();
  const { commands, stats } = open({
    clock: createFakeClock(),
    fetch: async (input, init) => {
      most = Math.max(most, (inFlight += 1));
      await gate.promise;
      const response = await fetch(input, init);
      inFlight -= 1;
      return response;
    },
  });
  const ticks: Promise<unknown>[] = [];
  for (let tick = 0; tick < 10; tick++) {
    ticks.push(commands.get("k"));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  gate.resolve();
  await Promise.all(ticks);
  expect(most).toBe(6);
  expect(stats().gate).toMatchObject({ peak: 6, borrowed: 10, inFlight: 0 });
});

it("rejects waiting commands when the connection is closed", async () => {
  const { commands, close } = open();
  const waiting = expect(commands.get("k")).rejects.toMatchObject({ code: "E_REDIS_CLOSED" });
  close();
  await waiting;
  await expect(commands.get("k")).rejects.toMatchObject({ code: "E_REDIS_CLOSED" });
});

it("gives a call 1.5 s, and a read three attempts", async () => {
  const clock = createFakeClock();
  let requests = 0;
  const silent = open({ clock, fetch: () => new Promise(() => {}) });
  let failure: unknown;
  const asking = silent.commands.get("k").catch((error: unknown) => (failure = error));
  await settle();
  await clock.advance(1_499);
  expect(failure).toBeUndefined();
  await clock.advance(1);
  await asking;
  expect(failure).toMatchObject({ code: "E_REDIS_TIMEOUT" });
  const { commands } = open({
    fetch: async () => {
      requests += 1;
      return new Response("", { status: 503 });
    },
  });
  await expect(commands.get("k")).rejects.toThrow("HTTP 503");
  expect(requests).toBe(3);
});

it("rejects what waits for a slot when it is closed, and lets what runs end", async () => {
  const clock = createFakeClock();
  const { execute, close } = open({ clock, size: 1 });
  const end = Promise.withResolvers<string>();
  const running = execute(() => end.promise);
  const waiting = expect(execute(async () => "never")).rejects.toMatchObject({ code: "E_REDIS_CLOSED" });
  close();
  await waiting;
  end.resolve("done");
  expect(await running).toBe("done");
});

it("takes a transaction with one write for as unknown as that write", async () => {
  const { commands } = open({ retries: 0, fetch: () => Promise.reject(new Error("connection reset")) });
  await expect(commands.multi().get("a").incr("b").exec()).rejects.toMatchObject({
    code: "E_REDIS_UNKNOWN_OUTCOME",
    message: expect.stringMatching(/^INCR may or may not have run/),
  });
  await expect(commands.multi().get("a").get("b").exec()).rejects.toMatchObject({ code: "E_REDIS_UNAVAILABLE" });
});

it("calls what goes along with the first command once, in the same request", async () => {
  const database = createDatabase();
  let calls = 0;
  const connection = open(
    {
      onFirstCommand: [
        () => {
          calls += 1;
          void connection.commands.get("along");
        },
      ],
    },
    database,
  );
  expect(await database.cost(() => connection.commands.get("k"))).toEqual({ requests: 1, GET: 2 });
  await connection.commands.get("k");
  expect(calls).toBe(1);
});

it("sends the read-your-writes token with the very next request", async () => {
  const sent: (string | null)[] = [];
  const { commands, connect } = open({
    fetch: async (input, init) => {
      sent.push(new Headers(init?.headers).get("Upstash-Sync-Token"));
      return fetch(input, init);
    },
  });
  await commands.set("k", "v");
  await connect().commands.get("k");
  expect(sent).toEqual([null, expect.stringMatching(/.+/)]);
});

it("refuses to subscribe, which needs a connection a Worker cannot keep", async () => {
  const connection = open().connect();
  const { commands } = connection;
  expect(connection.commands).toBe(commands);
  expect(commands).not.toHaveProperty("then");
  await expect(commands.exec(["SUBSCRIBE", "c"])).rejects.toMatchObject({ code: "E_REDIS_REPLY" });
});

it("leaves no timer running after an answer", async () => {
  const clock = createFakeClock();
  const { commands } = open({ clock });
  await commands.get("k");
  await settle();
  expect(clock.sleeping()).toBe(0);
});

it("measures latency per request", async () => {
  const { commands, stats } = open();
  await Promise.all([commands.get("a"), commands.get("b")]);
  expect(stats()).toMatchObject({ commands: 2, requests: 1, errors: 0, circuit: "closed" });
  expect(stats().latency.p99).toBeGreaterThan(0);
});
