import { createLease, type Lease, type LeaseOptions } from "../../src/coordination/index.ts";
import { createConnection, createRedisState, type RedisCommands } from "../../src/redis/index.ts";
import { createDatabase, type Database } from "../support/database.ts";

/** The door to Redis that an invocation would have. */
export function connect({ url, token }: Database, timeoutMs = 500): () => RedisCommands {
  const connection = createConnection({ url, token, state: createRedisState(), timeoutMs, retries: 0 });
  return () => connection.commands;
}

/** Time that stands still until it is moved. */
export const createTime = (now = 1_800_000_000_000) => ({ now });

export interface Contender {
  lease: Lease;
  database: Database;
  time: { now: number };
}

/** Somebody who wants the lease "work" of a database. */
export function createContender(
  holder: string,
  { database = createDatabase(), time = createTime(), ...options }: Partial<LeaseOptions & Contender> = {},
): Contender {
  const lease = createLease({
    name: "work",
    holder,
    prefix: "t:",
    redis: connect(database),
    now: () => time.now,
    random: () => 0,
    ...options,
  });
  return { lease, database, time };
}
