import { type Duty, type PumpEvent, pump as runDuties, writeThrough } from "../coordination/index.ts";
import type { Invocation } from "../invocation.ts";
import { createFeeds } from "./feeds/feeds.ts";
import { createRunner } from "./jobs/runner.ts";
import { soonChannel } from "./jobs/soon.ts";

export interface PumpLimits {
  /** How long, in milliseconds. */
  forMs: number;
  /** Subrequests that this invocation made so far. A free plan allows 50. */
  spent?(): number;
}

/**
 * The bot's duties, again and again, until just before the next cron tick: presence and election, the bus (feeds, what other
 * isolates invalidate, what the leader says), jobs that are due, and once an hour the trimming of streams and lists. What one
 * round of it sends leaves as one request. An idle deployment costs 6 commands a
 * minute, 9 where every tick wakes a fresh isolate.
 */
export async function pump(invocation: Invocation, { forMs, spent = () => 0 }: PumpLimits): Promise<void> {
  const { isolate, coordination, pubsub, log, now, sleep } = invocation;
  const runner = createRunner(invocation);
  invocation.followBus();
  pubsub.subscribe<{ dueAt: number }>(soonChannel, ({ data }) => {
    isolate.jobs.dueAt = Math.min(isolate.jobs.dueAt, data.dueAt);
    isolate.duties.set(runner.duty.name, 0);
  });
  const bus: Duty = { name: "bus", ...pubsub.duty({ followers: [createFeeds(invocation)] }) };
  const result = await runDuties({
    coordination,
    duties: [bus, runner.duty, chores(invocation)],
    times: isolate.duties,
    forMs,
    spent,
    clock: { now, sleep },
    report: (event: PumpEvent) => log("warn", `pump ${event.type}`, { duty: event.duty, error: String(event.error) }),
  });
  log("debug", "pump", { ...result });
}

// --- Internal helpers ---

const minute = 60_000;
const hour = 60 * minute;
/** Off the full hour, when everybody else does theirs. */
const choresAt = 17 * minute;

/** Once an hour, whoever leads: cuts streams to their age and length, and takes off lists what is over. */
const chores = ({ pubsub, sessions, redis, config, now, log }: Invocation): Duty => ({
  name: "chores",
  isLeaderOnly: true,
  async run({ fence }) {
    // Isolates come and go: all of them know the minute, and Redis remembers whether somebody did it.
    const next = Math.floor(now() / hour) * hour + choresAt;
    if (now() < next || now() >= next + minute) return now() < next ? next : next + hour;
    const key = `${config.keyPrefix}chores`;
    const isMine = await redis.commands.set(key, String(now()), { nx: true, px: hour / 2 });
    if (isMine !== null && fence) {
      const trimmed = await pubsub.trim(writeThrough(fence));
      const cleaned = await sessions.cleanUp();
      log("info", "chores", { trimmed, cleaned });
    }
    return next + hour;
  },
});
