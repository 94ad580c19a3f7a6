import { AsyncLocalStorage } from "node:async_hooks";
import { features as ownFeatures } from "../../src/bot/features.ts";
import type { Clock } from "../../src/platform/index.ts";
import { commandBodies, createWorker, type Feature } from "../../src/runtime/index.ts";
import type { Dashboard } from "../../src/web/index.ts";
import { createDiscordSimulator, createSigningKeys, type Simulator } from "../discord/index.ts";
import { createEngine, createRedisRestServer, type Fault, type RedisRestServer } from "../redis/index.ts";
import { breakRedis } from "./break-redis.ts";
import { countCryptoJobs } from "./crypto-jobs.ts";
import { createMovableClock } from "./movable-clock.ts";

export interface WorldOptions {
  /** Default: the features of this bot. */
  features?: readonly Feature[];
  /** The dashboard of the Worker. Default: without, since Node cannot load its JSX unless a test runner does. */
  dashboard?: () => Dashboard;
  /** More bindings of the Worker; they win over those of the kit. Default: none. */
  env?: Readonly<Record<string, string>>;
  /** When the world begins, in epoch milliseconds. Default: 2026-06-01 12:00 UTC. */
  startAt?: number;
  /**
   * How many isolates take requests and cron ticks in turn; `fresh` starts a new isolate for each. Default: 1.
   */
  isolates?: number | "fresh";
  /** Returns a number from 0 up to 1, for whatever the Worker leaves to chance. Default: the machine's. */
  random?: () => number;
  /** How many requests one invocation may send before the platform refuses. Default: 50, as on the free plan. */
  subrequests?: number;
}

/** One request or tick, as the platform counts it. */
export interface InvocationRecord {
  kind: "fetch" | "scheduled";
  isolate: number;
  subrequests: number;
  /** Requests that the platform refused because the invocation had used up its subrequests. */
  refused: number;
}

/**
 * The whole Worker, Redis and Discord in this process, on one clock that the test moves: a day passes in seconds. Redis
 * expires its keys by that clock, Discord's three seconds run by it, and cron fires each minute of it.
 */
export interface World {
  readonly clock: Clock;
  readonly discord: Simulator;
  readonly redis: RedisRestServer;
  /** The Worker's bindings. */
  readonly env: Readonly<Record<string, string>>;
  /** The invocations so far, in order. */
  readonly invocations: readonly InvocationRecord[];
  /** Returns the result of `work`. Moves time whenever everything waits for it; cron fires as time passes. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Lets `ms` milliseconds of the clock pass. */
  pass(ms: number): Promise<void>;
  /** Sends a request to the Worker. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Fires the cron now. Resolves when the tick is over. */
  tick(): Promise<void>;
  /**
   * Ends an isolate with all of its invocations, and replaces it with a fresh one. Default: the first.
   *
   * @example
   * await world.breakRedis({ at: "after", do: "stall", ms: 60_000, match: "EVAL", times: 1 });
   * const asked = world.discord.command("/remind me about:tea in:2h");
   * await world.pass(100); // the reminder is in Redis, and its isolate waits for the reply
   * world.kill();
   * expect((await world.run(asked)).problems).not.toEqual([]);
   */
  kill(isolate?: number): void;
  /** Sends one command to Redis, past the Worker, and returns its reply. Throws when the reply is an error. */
  redisCommand(...command: readonly (string | number)[]): Promise<unknown>;
  /**
   * Makes requests to Redis fail from now on, in place of the faults set before. Without an argument it mends them. What
   * stalls, `redisCommand` too, waits for the world's time: `run` it, or let time `pass`.
   *
   * @example
   * await world.breakRedis({ at: "after", do: "drop", match: "EVAL", times: 1 });
   */
  breakRedis(...faults: readonly Fault[]): Promise<void>;
  /** Sets whether cron fires as time passes. It does at the start. */
  setCron(isOn: boolean): void;
  close(): Promise<void>;
}

const minuteMs = 60_000;
/** How long an invocation may go on after its answer. */
const graceMs = 30_000;

/**
 * Starts a world. Close it when the test ends.
 *
 * @example
 * const world = await createWorld({ features });
 * await world.run(world.discord.command("/remind me about:tea in:2h"));
 * await world.pass(2 * 3_600_000);
 * expect(world.discord.visibleMessages({ channel: "dm" })).toHaveLength(1);
 */
export async function createWorld({
  features = ownFeatures,
  dashboard,
  env: more = {},
  startAt = Date.parse("2026-06-01T12:00:00Z"),
  isolates = 1,
  random = Math.random,
  subrequests = 50,
}: WorldOptions = {}): Promise<World> {
  const time = createMovableClock(startAt, random);
  const token = "world-redis-token";
  const backend = await createEngine({ now: time.clock.now });
  const requests = { inFlight: 0, stalled: 0 };
  const redis = await createRedisRestServer({
    backend,
    token,
    faults: true,
    async stall(ms, gone) {
      requests.stalled += 1;
      await time.clock.sleep(ms, gone);
      requests.stalled -= 1;
    },
  });
  const invocations: InvocationRecord[] = [];
  const current = new AsyncLocalStorage<Life>();
  const streams = new WeakMap<Response, Promise<void> | undefined>();
  const cryptoJobs = countCryptoJobs();
  let isCronOn = true;
  let turn = 0;

  const keys = createSigningKeys();
  const discord = createDiscordSimulator({
    keys: { ...keys, sign: (timestamp, body) => cryptoJobs.ignore(() => keys.sign(timestamp, body)) },
    interactionsUrl: "http://worker.world/interactions",
    publicUrl: "http://discord.world",
    clock: time.clock,
    fetch: (input, init) => callWorker(new Request(input, init)),
  });
  discord.registerCommands(commandBodies(features));
  const env = {
    DISCORD_APPLICATION_ID: discord.applicationId,
    DISCORD_PUBLIC_KEY: discord.publicKey,
    DISCORD_BOT_TOKEN: discord.botToken,
    DISCORD_API_URL: "http://discord.world/api/v10",
    UPSTASH_REDIS_REST_URL: redis.url,
    UPSTASH_REDIS_REST_TOKEN: token,
    SUBREQUESTS: String(subrequests),
    LOG_LEVEL: "error",
    ...more,
  };

  /** An invocation. It ends with its isolate, or when its time is up. */
  interface Life {
    isOver: boolean;
    record: InvocationRecord;
  }

  /** An ended invocation waits for this, which never settles. */
  const gone = new Promise<never>(() => {});

  async function send(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const life = current.getStore();
    if (life?.isOver) return gone;
    if (life && life.record.subrequests >= subrequests) {
      life.record.refused += 1;
      throw new Error("Too many subrequests by single Worker invocation.");
    }
    if (life) life.record.subrequests += 1;
    requests.inFlight += 1;
    try {
      const { hostname } = new URL(input instanceof Request ? input.url : input);
      const isDiscord = hostname === "discord.world";
      const response = await (isDiscord ? discord.app.fetch(new Request(input, init)) : fetch(input, init));
      const body = response.body && (await response.arrayBuffer());
      if (life?.isOver) return gone;
      return new Response(body, { status: response.status, headers: response.headers });
    } finally {
      requests.inFlight -= 1;
    }
  }

  const lifeClock: Clock = {
    now: time.clock.now,
    random: time.clock.random,
    async sleep(ms, signal) {
      const life = current.getStore();
      await time.clock.sleep(ms, signal);
      if (life?.isOver) await gone;
    },
  };

  const createIsolate = () => ({
    worker: createWorker({ features, clock: lifeClock, fetch: send, ...(dashboard && { dashboard }) }),
    lives: new Set<Life>(),
  });
  const fleet = Array.from({ length: isolates === "fresh" ? 1 : isolates }, createIsolate);

  /** Runs an invocation in the next isolate. It goes on for the work in `waitUntil`, within the platform's limit. */
  function invoke<T>(
    kind: InvocationRecord["kind"],
    call: (isolate: (typeof fleet)[number], ctx: Context) => Promise<T>,
  ) {
    const index = turn++ % fleet.length;
    if (isolates === "fresh") fleet[index] = createIsolate();
    const isolate = fleet[index] as (typeof fleet)[number];
    const record = { kind, isolate: index, subrequests: 0, refused: 0 };
    const life: Life = { isOver: false, record };
    invocations.push(record);
    isolate.lives.add(life);
    const works: Promise<unknown>[] = [];
    const answer = current.run(life, () => call(isolate, { waitUntil: (work) => void works.push(work) }));
    const over = answer
      .catch(() => {})
      .then(async (response) => {
        // A stream keeps its invocation alive until its reader has seen the end.
        if (response instanceof Response) await streams.get(response);
        const ended = new AbortController();
        const late = time.clock.sleep(graceMs, ended.signal);
        for (const work of works) await Promise.race([late, Promise.allSettled([work])]);
        life.isOver = true;
        isolate.lives.delete(life);
        ended.abort();
      });
    return { answer, over };
  }

  const callWorker = (request: Request): Promise<Response> =>
    invoke("fetch", async ({ worker }, ctx) => {
      const response = await worker.fetch(request, env, ctx);
      if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) return response;
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const streamed = new Response(readable, response);
      streams.set(
        streamed,
        response.body?.pipeTo(writable).catch(() => {}),
      );
      return streamed;
    }).answer;

  const tick = (): Promise<void> =>
    invoke("scheduled", ({ worker }, ctx) => worker.scheduled({ scheduledTime: time.clock.now() }, env, ctx)).over;

  /** Resolves when everything that needs no time has happened. */
  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < 4; quiet++) {
      await new Promise(setImmediate);
      // A request that a fault stalls waits for time to pass. One whose client left is noticed a moment later.
      if (requests.inFlight !== requests.stalled || cryptoJobs.running() > 0) quiet = -1;
    }
  }

  /** Moves time to the next event: a sleeper, a cron tick, or `until`. */
  async function step(until: number): Promise<void> {
    const now = time.clock.now();
    const nextMinute = isCronOn ? (Math.floor(now / minuteMs) + 1) * minuteMs : Number.POSITIVE_INFINITY;
    const next = Math.max(now, Math.min(time.nextAt(), nextMinute, until));
    if (next === Number.POSITIVE_INFINITY) throw new Error("The work can never end: it waits, and no timer is left.");
    time.moveTo(next);
    if (next === nextMinute) void tick();
    await settle();
  }

  return {
    clock: time.clock,
    discord,
    redis,
    env,
    invocations,
    async run(work) {
      const state = { isOver: false };
      const ended = work.finally(() => (state.isOver = true));
      ended.catch(() => {});
      await settle();
      while (!state.isOver) await step(Number.POSITIVE_INFINITY);
      return ended;
    },
    async pass(ms) {
      const until = time.clock.now() + ms;
      await settle();
      while (time.clock.now() < until) await step(until);
    },
    fetch: (path, init) => callWorker(new Request(`http://worker.world${path}`, init)),
    tick,
    kill(index = 0) {
      for (const life of fleet[index]?.lives ?? []) life.isOver = true;
      fleet[index] = createIsolate();
    },
    async redisCommand(...command) {
      const headers = { Authorization: `Bearer ${token}` };
      const response = await send(redis.url, { method: "POST", headers, body: JSON.stringify(command) });
      const { result, error } = (await response.json()) as { result?: unknown; error?: string };
      if (error !== undefined) throw new Error(error);
      return result;
    },
    breakRedis: (...faults) => breakRedis(redis, token, faults),
    setCron: (isOn) => void (isCronOn = isOn),
    async close() {
      cryptoJobs.stop();
      await redis.close();
    },
  };
}

interface Context {
  waitUntil(work: Promise<unknown>): void;
}
