import { type Clock } from "../../src/platform/index.ts";
import { createConnection, createRedisState, type RedisCommands, type RedisState } from "../../src/redis/index.ts";
import { createIsolate, type Isolate } from "./isolate.ts";
import { calm, createFetch, type Faults } from "./network.ts";
import type { Random } from "./random.ts";
import { createLua } from "./redis/lua.ts";
import type { Write } from "./redis/model.ts";
import { createServer, type Server } from "./redis/server.ts";
import { createWorld, type World } from "./world.ts";

/** Where a scenario takes place: one Redis, several isolates, and how much goes wrong. */
export interface Fleet {
  readonly world: World;
  readonly server: Server;
  readonly random: Random;
  readonly members: readonly Member[];
  /** What goes wrong in this world until it is healed. */
  readonly faults: Faults;
  /** Writes that a failover lost, and when: what checkers have to take into account. */
  readonly lost: readonly { at: number; write: Write }[];
  /** The replica takes over without the last writes: so many, or from the last one that matches. */
  failOver(lost: Parameters<Server["failOver"]>[0]): void;
  /** From now on nothing goes wrong any more. */
  heal(): void;
}

/** An isolate, and the door to Redis as each of its invocations opens it. */
export interface Member {
  readonly name: string;
  readonly isolate: Isolate;
  readonly clock: Clock;
  readonly random: Random;
  /** A door of its own for an invocation. */
  connect(): () => RedisCommands;
  /** Numbered, so that runs are alike. */
  createId(): string;
}

export interface FleetOptions {
  random: Random;
  size: number;
  /** Of the fleet's lease: freezes and cut-offs last up to three of them. */
  leaseMs: number;
  /** No faults begin after so long. */
  faultyMs: number;
  /** What goes wrong; drawn from the seed when left out. */
  faults?: Faults;
  /** Freezes, deaths, cut-offs and failovers each happen about so often in the time; drawn when left out. */
  incidents?: number;
  /** How wrong clocks are at the most, in milliseconds. */
  skewMs?: number;
  /** How much too fast or slow clocks go at the most: 0.009 is 0.9 %, the default. */
  drift?: number;
  /** How wrong the clock of a new primary is at the most, in milliseconds. Default: 0. */
  primarySkewMs?: number;
  /** Runs a failover; a checker looks at the primary before and after it. */
  watchFailover?(failOver: () => void): void;
  /** Isolates start anew by this, when they die. */
  start(member: Member): void;
  /** Between the code and its door: where a broken variant is put in. */
  door?(redis: RedisCommands, member: Member): RedisCommands;
}

// One interpreter for all runs: scripts are compiled once, and keep nothing between calls.
const lua = createLua();

export function createFleet({
  random,
  size,
  leaseMs,
  faultyMs,
  faults = drawFaults(random, leaseMs),
  incidents = random.between(0, 3),
  skewMs = 10_000,
  drift: mostDrift = 0.009,
  primarySkewMs = 0,
  watchFailover = (failOver) => failOver(),
  start,
  door = (redis) => redis,
}: FleetOptions): Fleet {
  const world = createWorld();
  const server = createServer(lua);
  const cutOff = new Map<string, number>();
  const lost: { at: number; write: Write }[] = [];
  const network = {
    world,
    server,
    random: random.fork(),
    faults: () => current,
    isCutOff: (name: string) => (cutOff.get(name) ?? 0) > world.now(),
  };
  let current = faults;
  let ids = 0;

  const members = Array.from({ length: size }, (_, index): Member => {
    const skew = random.between(-skewMs, skewMs);
    const drift = (random.next() * 2 - 1) * mostDrift;
    const own = random.fork();
    const isolate = createIsolate({
      world,
      name: `iso-${index + 1}`,
      random: () => own.next(),
      skewMs: skew,
      drift,
    });
    let state: RedisState = createRedisState();
    const member: Member = {
      name: isolate.name,
      isolate,
      clock: isolate.clock,
      random: own,
      createId: () => `${++ids}`,
      connect() {
        const connection = createConnection({
          url: "http://redis",
          token: "",
          state,
          fetch: createFetch(network, isolate),
          clock: isolate.clock,
          retries: 1,
        });
        return () => door(connection.commands, member);
      },
    };
    const begin = () => {
      state = createRedisState();
      start(member);
    };
    world.at(world.now() + own.between(0, 2_000), begin);
    for (let count = 0; count < incidents; count++) {
      const at = world.now() + own.between(0, faultyMs);
      const ms = own.between(100, 3 * leaseMs);
      const what = own.pick(["freeze", "cut off", "die"] as const);
      world.at(at, () => {
        if (what === "freeze") isolate.freeze(ms);
        if (what === "die") isolate.die(ms, begin);
        if (what === "cut off") {
          isolate.note(`is cut off for ${ms} ms`);
          cutOff.set(isolate.name, world.now() + ms);
        }
      });
    }
    return member;
  });

  const failOver: Fleet["failOver"] = (writes) =>
    watchFailover(() => {
      const clockMs = primarySkewMs > 0 && random.chance(0.5) ? random.between(-primarySkewMs, primarySkewMs) : 0;
      const gone = server.failOver(writes, clockMs);
      const names = gone.map(({ words }) => words.slice(0, 2).join(" ")).join(", ");
      const clock = clockMs === 0 ? "" : `; its clock is ${clockMs} ms ahead`;
      world.note("redis", `fails over, losing ${gone.length} writes: ${names}${clock}`);
      for (const write of gone) lost.push({ at: world.now(), write });
    });

  if (incidents > 1 && random.chance(0.3)) {
    world.at(world.now() + random.between(0, faultyMs), () => failOver(random.between(0, 5)));
  }

  return {
    world,
    server,
    random,
    members,
    faults,
    lost,
    failOver,
    heal() {
      current = calm;
      cutOff.clear();
      world.note("world", "nothing goes wrong any more");
    },
  };
}

// --- Internal helpers ---

/** Half of all seeds have a quiet network, so that freezes and deaths are seen alone too. */
function drawFaults(random: Random, leaseMs: number): Faults {
  const share = random.pick([0, 0, 0.01, 0.05, 0.15]);
  const some = () => (random.chance(0.5) ? share * random.next() : 0);
  return {
    dropRequest: some(),
    dropReply: some(),
    delayRequest: some(),
    delayReply: some(),
    duplicate: some(),
    refuse: some(),
    stale: some(),
    longestMs: 2 * leaseMs,
    slowestMs: 1_600,
  };
}
