import {
  createJobRunner,
  createJobs,
  createJobsState,
  type JobEvent,
  type JobRunnerOptions,
  type JobsOptions,
} from "../../../src/jobs/index.ts";
import { systemClock } from "../../../src/platform/index.ts";
import { createDatabase, type Database } from "../../support/database.ts";
import { connect } from "../coordination/support.ts";

/** Jobs of a database that go by its wall clock, and a runner of them. */
export function createJobWorld({
  database = createDatabase(),
  ...options
}: Partial<JobsOptions & JobRunnerOptions> & { database?: Database } = {}) {
  const events: JobEvent[] = [];
  const made: string[] = [];
  const shared = { redis: connect(database), prefix: "t:" };
  const jobs = createJobs({ ...shared, ...options });
  const runner = createJobRunner({
    state: createJobsState(),
    ...shared,
    handlers: { tea: async ({ data }, { nonce, attempt }) => void made.push(`${String(data)} ${nonce} ${attempt}`) },
    clock: { ...systemClock, random: () => 0 },
    report: (event) => void events.push(event),
    ...options,
  });

  return {
    database,
    jobs,
    events,
    made,
    /** Claims, runs and settles what is due now, and stops. */
    async run(): Promise<void> {
      await runner.watch({ dueAt: 0, until: Date.now() });
    },
    runner,
  };
}

export const past = () => Date.now() - 1_000;
export const future = () => Date.now() + 3_600_000;
export const tea = { kind: "tea", owner: "7", data: "tea" };
