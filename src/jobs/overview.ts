import type { RedisCommands } from "../redis/index.ts";
import { readJob } from "./job.ts";
import { type JobKeys, wakeName } from "./keys.ts";
import type { WaitingJob } from "./pages.ts";
import { isClaimed, placesOf } from "./places.ts";

/** How many jobs there are, and which are due next. */
export interface JobsOverview {
  /** All that wait or run, and the wake-ups of feeds. */
  scheduled: number;
  /** Due, and not claimed. */
  due: number;
  /** Claimed by an invocation; 200 at most. */
  running: number;
  /** Due for more than thirty seconds, and not claimed. */
  late: number;
  /** How late the latest of those is, in milliseconds; 0 when none is late. */
  latestMs: number;
  /** Given up, of all owners. */
  dead: number;
  /** Records that no version could read. */
  unreadable: number;
  /** When the next one is due that is not due yet; `null` when none is. */
  nextAt: number | null;
  /** The next due ones, those that are late among them; fewer than asked for where wake-ups are among them. */
  upcoming: WaitingJob[];
}

type OverviewCommands = Pick<RedisCommands, "exec">;

/** A job that waits for longer is late: any tick claims what is due, at most this long after an isolate died. */
const lateMs = 30_000;
/** No claim lasts longer. */
const longestClaimMs = 60_000;
const mostRunning = 200;

/** Returns an overview of all jobs. `now` is by the server's clock. Cost: 8 commands, 2 round trips; 7 and 1 when none wait. */
export async function readOverview(
  { exec }: OverviewCommands,
  keys: JobKeys,
  now: number,
  most: number,
): Promise<JobsOverview> {
  const between = (least: number | string, end: number | string, count: number) =>
    exec<string[]>(["ZRANGE", keys.due, least, end, "BYSCORE", "LIMIT", 0, count, "WITHSCORES"]);
  const [scheduled, due, late, soonest, claimed, dead, unreadable] = await Promise.all([
    exec<number>(["ZCARD", keys.due]),
    exec<number>(["ZCOUNT", keys.due, "-inf", now]),
    exec<number>(["ZCOUNT", keys.due, "-inf", now - lateMs]),
    between("-inf", "+inf", most),
    between(`(${now}`, now + longestClaimMs, mostRunning),
    exec<number>(["ZCARD", keys.graves]),
    exec<number>(["HLEN", keys.unreadable]),
  ]);
  const places = placesOf(soonest);
  const later = [...places, ...placesOf(claimed)].filter(({ score }) => score > now && !isClaimed(score));
  const ids = places.map(({ id }) => id).filter((id) => wakeName(id) === undefined);
  const records = ids.length === 0 ? [] : await exec<(string | null)[]>(["HMGET", keys.records, ...ids]);
  const running = new Set(placesOf(claimed).flatMap(({ id, score }) => (isClaimed(score) ? [id] : [])));
  return {
    scheduled,
    due,
    running: running.size,
    late,
    latestMs: late > 0 ? now - Math.max(0, Math.floor(places[0]?.score ?? now)) : 0,
    dead,
    unreadable,
    nextAt: later.length > 0 ? Math.min(...later.map(({ score }) => score)) : null,
    upcoming: records.flatMap((record) => {
      const job = readJob(record);
      return job ? [{ ...job, isRunning: running.has(job.id) }] : [];
    }),
  };
}
