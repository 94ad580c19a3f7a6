import { type RedisCommands, RedisReplyError } from "../redis/index.ts";
import { type DeadJob, type Job, readDead, readJob } from "./job.ts";
import { type JobKeys, readGrave, wakeName } from "./keys.ts";
import { isClaimed, placesOf } from "./places.ts";

/** A part of a long list. */
export interface Page {
  /** How many to leave out at the beginning. Default: 0. */
  from?: number;
  /** Default: 50. */
  count?: number;
}

/** A job that waits, or runs. */
export interface WaitingJob extends Job {
  /** An invocation has claimed it. */
  isRunning: boolean;
}

export interface JobPage {
  /** All that wait. Wake-ups of feeds are counted, and in no page. */
  total: number;
  jobs: WaitingJob[];
}

export interface DeadPage {
  total: number;
  dead: DeadJob[];
}

type PageCommands = Pick<RedisCommands, "exec">;

/** Returns one page of all jobs, the next due first. Cost: 3 commands, 2 round trips; 2 and 1 for an empty page. */
export async function readJobPage(
  redis: PageCommands,
  keys: JobKeys,
  { from = 0, count = 50 }: Page = {},
): Promise<JobPage> {
  const [total, flat] = await Promise.all([
    redis.exec<number>(["ZCARD", keys.due]),
    redis.exec<string[]>(["ZRANGE", keys.due, from, from + count - 1, "WITHSCORES"]),
  ]);
  const places = placesOf(flat).filter(({ id }) => wakeName(id) === undefined);
  if (places.length === 0) return { total, jobs: [] };
  const records = await redis.exec<(string | null)[]>(["HMGET", keys.records, ...places.map(({ id }) => id)]);
  const jobs = places.flatMap(({ score }, index) => {
    const job = readJob(records[index]);
    return job ? [{ ...job, isRunning: isClaimed(score) }] : [];
  });
  return { total, jobs };
}

/**
 * Returns one page of the jobs that were given up, the last first. Those whose record has expired are forgotten. Those of an owner
 * whose key holds a value of another type are counted, and in no page.
 * Cost: 2 commands, 1 round trip, and 1 command for each owner in 1 round trip; 1 and 1 more to forget.
 */
export async function readDeadPage(
  redis: PageCommands,
  keys: JobKeys,
  { from = 0, count = 50 }: Page = {},
): Promise<DeadPage> {
  const [total, graves] = await Promise.all([
    redis.exec<number>(["ZCARD", keys.graves]),
    redis.exec<string[]>(["ZRANGE", keys.graves, from, from + count - 1, "REV"]),
  ]);
  const owners = Map.groupBy(graves, (grave) => readGrave(grave).owner);
  const found = new Map<string, string | null>();
  await Promise.all(
    [...owners].map(async ([owner, theirs]) => {
      const ids = theirs.map((grave) => readGrave(grave).id);
      const records = await redis.exec<(string | null)[]>(["HMGET", keys.dead(owner), ...ids]).catch(unreadable);
      if (records === undefined) return;
      for (const [index, grave] of theirs.entries()) found.set(grave, records[index] ?? null);
    }),
  );
  const gone = graves.filter((grave) => found.get(grave) === null);
  // After a failure the next reading forgets them.
  if (gone.length > 0) await redis.exec(["ZREM", keys.graves, ...gone]).catch(() => {});
  const dead = graves.flatMap((grave) => readDead(found.get(grave)) ?? []);
  return { total: total - gone.length, dead };
}

// --- Internal helpers ---

/** Leaves out what a key of another type hides. Throws any other error. */
function unreadable(error: unknown): undefined {
  if (error instanceof RedisReplyError && error.problem === "damaged") return undefined;
  throw error;
}
