import { createFence, createLease } from "../../../src/coordination/index.ts";
import {
  createJobRunner,
  createJobs,
  type JobEvent,
  type JobRunnerOptions,
  type JobsOptions,
} from "../../../src/jobs/index.ts";
import { systemClock } from "../../../src/platform/index.ts";
import { createDatabase, type Database } from "../../support/database.ts";
import { connect } from "../coordination/support.ts";

/** Makes the jobs of a database, by its wall clock, and a runner. */
export function createJobWorld({
  database = createDatabase(),
  ...options
}: Partial<JobsOptions & JobRunnerOptions> & { database?: Database } = {}) {
  const events: JobEvent[] = [];
  const made: string[] = [];
  const shared = { redis: connect(database), prefix: "t:" };
  const jobs = createJobs({ ...shared, ...options });
  const runner = createJobRunner({
    ...shared,
    handlers: { tea: async ({ data }, { nonce, attempt }) => void made.push(`${String(data)} ${nonce} ${attempt}`) },
    clock: { ...systemClock, random: () => 0 },
    report: (event) => void events.push(event),
    ...options,
  });

  /** Acquires the leader's lease, and returns its fence. */
  async function lead(holder = "ada") {
    const lease = createLease({ name: "main", holder, ...shared });
    const acquisition = await lease.acquire();
    if (!acquisition.held) throw new Error("not held");
    return createFence({ grant: acquisition.grant, ...shared });
  }

  return { database, jobs, runner, events, made, lead };
}

export const past = () => Date.now() - 1_000;
export const future = () => Date.now() + 3_600_000;
export const tea = { kind: "tea", owner: "7", data: "tea" };
