import {
  createLedgerStore,
  createMetricsState,
  createReporter,
  type LedgerStoreOptions,
  type ReporterOptions,
} from "../../../src/metrics/index.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createFakeClock } from "../../support/clock.ts";
import { createDatabase, type Database } from "../../support/database.ts";

/** One isolate that counts. Others may share its database and its clock. */
export function createCounter({
  database = createDatabase(),
  clock = createFakeClock(Date.parse("2026-06-10T12:00:00Z")),
  id = "one",
  ...options
}: Partial<ReporterOptions & LedgerStoreOptions> & {
  database?: Database;
  clock?: ReturnType<typeof createFakeClock>;
} = {}) {
  const state = createMetricsState();
  const { commands } = createConnection({
    url: database.url,
    token: database.token,
    state: createRedisState(),
    timeoutMs: 5_000,
    fetch: database.fetch,
    clock: database.clock,
    retries: 0,
    breaker: { threshold: 1_000 },
  });
  const background: Promise<unknown>[] = [];
  const shared = {
    redis: () => commands,
    prefix: "t:",
    clock,
    waitUntil: (work: Promise<unknown>) => void background.push(work),
  };
  const reporter = createReporter({
    state,
    id,
    startedAt: clock.now(),
    counters: () => new Map(),
    breaker: () => "closed",
    ...shared,
    ...options,
  });
  const unreadable: string[] = [];
  const store = createLedgerStore({
    monthly: ["redis_commands"],
    onUnreadable: (where) => unreadable.push(where),
    ...shared,
    ...options,
  });
  return {
    database,
    clock,
    state,
    reporter,
    store,
    unreadable,
    /** Resolves when the background work is done. */
    async settled() {
      while (background.length > 0) await background.shift();
    },
    /** Returns how many reports wait in the stream. */
    reports: async () => (await database.raw("XLEN", "t:mt:reports")) as number,
  };
}
