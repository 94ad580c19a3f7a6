import {
  type CoordinationEvent,
  type CoordinationOptions,
  createCoordination,
  createCoordinationState,
  createLease,
  type Lease,
  type LeaseOptions,
} from "../../../src/coordination/index.ts";
import { type Clock, systemClock } from "../../../src/platform/index.ts";
import { createConnection, createRedisState, type RedisCommands } from "../../../src/redis/index.ts";
import { createDatabase, type Database } from "../../support/database.ts";

/** Returns the connection that an invocation would have. */
export function connect({ url, token }: Database, timeoutMs = 10_000, send: typeof fetch = fetch): () => RedisCommands {
  const connection = createConnection({ url, token, state: createRedisState(), timeoutMs, retries: 0, fetch: send });
  return () => connection.commands;
}

/** Time that only the test moves. Begins now, since tokens follow the clock of Redis. */
export const createTime = (now = Date.now()) => ({ now });

/** Returns a clock on such time, whose `random` is always the same. */
export const clockOf = (time: { now: number }, chance = 0): Clock => ({
  now: () => time.now,
  sleep: systemClock.sleep,
  random: () => chance,
});

export interface Contender {
  lease: Lease;
  database: Database;
  time: { now: number };
}

/** Makes a contender for the lease "work" of a database. */
export function createContender(
  holder: string,
  { database = createDatabase(), time = createTime(), ...options }: Partial<LeaseOptions & Contender> = {},
): Contender {
  const lease = createLease({
    name: "work",
    holder,
    prefix: "t:",
    redis: connect(database),
    clock: clockOf(time),
    ...options,
  });
  return { lease, database, time };
}

/** Makes one instance of a fleet: an isolate's state, and one invocation around it. */
export function createInstance(
  id: string,
  {
    database = createDatabase(),
    time = createTime(),
    ...options
  }: Partial<CoordinationOptions> & { database?: Database; time?: { now: number } } = {},
) {
  const state = createCoordinationState();
  const events: CoordinationEvent[] = [];
  const coordination = createCoordination({
    state,
    id,
    redis: connect(database),
    prefix: "t:",
    clock: clockOf(time),
    report: (event) => void events.push(event),
    ...options,
  });
  return { ...coordination, coordination, state, database, time, events };
}

/** Returns events as text, without the fields that differ from run to run. */
export const told = (events: readonly CoordinationEvent[]): string[] =>
  events.map((event) => {
    if (event.type === "leader-changed") return `${event.from} -> ${event.to}`;
    if (event.type === "lost-leadership") return `lost: ${event.reason}`;
    return event.type;
  });

/** Makes two instances of one bot; the first leads. */
export async function createPair(options: Parameters<typeof createInstance>[1] = {}) {
  const shared = { database: createDatabase(), time: createTime(), ...options };
  const ada = createInstance("ada", shared);
  const bob = createInstance("bob", shared);
  await ada.tick();
  await bob.tick();
  return { ada, bob, ...shared };
}
