import { type Clock, systemClock } from "../platform/index.ts";
import { type RedisCommands, RedisUnknownOutcomeError, sendAgainIfUnknown } from "../redis/index.ts";
import { JobLimitError, JobTakenError, JobTimeError } from "./errors.ts";
import { type DeadJob, isTime, type Job, readDead, readJob, writeJob } from "./job.ts";
import { createKeys, graveOf, wakeId, wakeName } from "./keys.ts";
import { type JobsOverview, readOverview } from "./overview.ts";
import { type DeadPage, type JobPage, type Page, readDeadPage, readJobPage } from "./pages.ts";
import { nextOccurrence, type Recurrence } from "./recurrence.ts";
import { cancelScript, forgetScript, keepScript, moveScript, unwakeScript } from "./scripts.lua.ts";

export interface NewJob {
  /** Default: a new one. The same id again replaces the owner's job, so one taken from the interaction makes asking twice one job. */
  id?: string;
  kind: string;
  owner: string;
  data?: unknown;
  /** Epoch milliseconds. May be left out for a recurring job: then its first time is the first after now. */
  dueAt?: number;
  every?: Recurrence;
  /** How many jobs the owner may have with this one, however many are scheduled at once. Default: any number. */
  most?: number;
}

/** Scheduled work, kept in Redis. `createJobRunner` does it. */
export interface Jobs {
  /**
   * Keeps a job. Once this resolves, it runs at or after its time, at least once. Throws `RecurrenceError`, `JobTimeError`,
   * `RangeError` for an id that begins with `~`, `JobTakenError` for that of another owner's job, `JobLimitError` for one more
   * than `most`, and `RedisUnknownOutcomeError` when it cannot be found out whether the job is kept.
   * NOT safe from a failover of Redis that loses the last writes.
   *
   * @example
   * await jobs.schedule({ kind: "remind", owner: user.id, data: { about: "tea" }, dueAt: clock.now() + 600_000 });
   *
   * Cost: 3 commands, 1 round trip, all or nothing; 5 commands with an `id`, 1 more each with `most` and to
   * replace a job; a lost reply adds a read.
   */
  schedule(job: NewJob): Promise<Job>;
  /**
   * Returns one job; `undefined` when it is done, cancelled or given up.
   * Cost: 1 command, 1 round trip.
   */
  get(id: string): Promise<Job | undefined>;
  /**
   * Returns an owner's jobs, the next due first, `most` at most. Default: 25.
   * Cost: 2 commands, 2 round trips; 1 and 1 when there are none; 1 and 1 more to forget those that were set aside.
   */
  list(owner: string, most?: number): Promise<Job[]>;
  /**
   * Removes an owner's job. Returns false when the owner has none of that id. A run that has begun goes on.
   * Cost: 4 commands, 1 round trip.
   */
  cancel(id: string, owner: string): Promise<boolean>;
  /**
   * Moves an owner's job to another time. Returns `undefined` when the owner has none of that id. A run that has begun goes on.
   * Throws `JobTimeError`.
   * Cost: 6 commands, 2 round trips.
   */
  snooze(id: string, owner: string, dueAt: number): Promise<Job | undefined>;
  /**
   * Has an owner's job done now. Returns "running" for one that runs already, and `undefined` when the owner has none of that id.
   * Cost: 7 commands, 2 round trips; 4 and 2 for one that runs.
   */
  start(id: string, owner: string): Promise<Job | "running" | undefined>;
  /**
   * Returns an owner's jobs that were given up, the last first.
   * Cost: 1 command, 1 round trip.
   */
  dead(owner: string): Promise<DeadJob[]>;
  /**
   * Returns one page of all owners' jobs, the next due first.
   * Cost: 3 commands, 2 round trips; 2 and 1 for an empty page.
   */
  page(page?: Page): Promise<JobPage>;
  /**
   * Returns one page of all owners' jobs that were given up, the last first.
   * Cost: 2 commands, 1 round trip, and 1 command for each owner in 1 round trip; 1 and 1 more to forget those that have expired.
   */
  deadPage(page?: Page): Promise<DeadPage>;
  /**
   * Forgets an owner's job that was given up. Returns false when the owner has none of that id.
   * Cost: 2 commands, 1 round trip.
   */
  drop(id: string, owner: string): Promise<boolean>;
  /**
   * Has an owner's job that was given up tried again, now. Of several callers at once one gets the job. Returns `undefined` for the
   * others, and when the owner has none of that id. Throws `JobTakenError`, and `JobLimitError` when it would be one more than `most`.
   * Cost: 9 commands, 2 round trips; 1 command more with `most`.
   */
  revive(id: string, owner: string, most?: number): Promise<Job | undefined>;
  /**
   * Removes all jobs of an owner, those that were given up as well. A run that has begun goes on.
   * Cost: 6 commands, 1 round trip; 4 when the owner has none.
   */
  forget(owner: string): Promise<void>;
  /**
   * Returns how many jobs wait, run, are late and were given up, and the `most` that are due next. Default: 50.
   * Cost: 8 commands, 2 round trips; 7 and 1 when none wait.
   */
  overview(most?: number): Promise<JobsOverview>;
  /**
   * Returns how many records were set aside because no version could read them.
   * Cost: 1 command, 1 round trip.
   */
  unreadable(): Promise<number>;
  /**
   * Has the work behind a wake-up done at `at` (epoch milliseconds), or earlier if it is set earlier already. Throws
   * `JobTimeError`.
   * Cost: 1 command, 1 round trip.
   */
  wake(name: string, at: number): Promise<void>;
  /**
   * Takes a wake-up back, unless it was moved since it was set to `at`.
   * Cost: 3 commands, 1 round trip; 2 when it was moved.
   */
  unwake(name: string, at: number): Promise<void>;
}

/** The commands that keep jobs. */
export type JobCommands = Pick<RedisCommands, "eval" | "exec" | "hget" | "multi" | "zrange" | "zrem">;

export interface JobsOptions {
  redis(): JobCommands;
  /** Before every key. */
  prefix: string;
  clock?: Pick<Clock, "now">;
  createId?(): string;
  /** Called when a job was put in or moved, so that it can be run on time. */
  onScheduled?(job: Job): void;
}

export function createJobs({
  redis,
  prefix,
  clock = systemClock,
  createId = () => crypto.randomUUID(),
  onScheduled = () => {},
}: JobsOptions): Jobs {
  const keys = createKeys(prefix);

  /** Keeps a job under an id that no other job can have. */
  async function keepNew(job: Job): Promise<unknown> {
    const { id, owner, dueAt } = job;
    return redis()
      .multi()
      .hset(keys.records, { [id]: writeJob(job) })
      .zadd(keys.due, { score: dueAt, member: id })
      .zadd(keys.owned(owner), { score: dueAt, member: id })
      .exec();
  }

  /**
   * Keeps a job under an id that another may have, and takes it from `from`, if given. Returns false when it is not there any more.
   * Throws `JobTakenError`, `JobLimitError`.
   */
  async function keepOwn(job: Job, most?: number, ...from: string[]): Promise<boolean> {
    const { id, owner, dueAt } = job;
    const places = [keys.due, keys.records, keys.owned(owner), ...from];
    const kept = await redis().eval(keepScript, places, [id, writeJob(job), dueAt, most ?? "", graveOf(job)]);
    if (kept === -2) return false;
    if (kept === -1 && most !== undefined) throw new JobLimitError(most);
    if (kept !== 1) throw new JobTakenError(id);
    return true;
  }

  const recordOf = (id: string) => redis().hget<string>(keys.records, id);

  /** Moves a job; not one that runs under a claim that ends before `claimedUntil`, if given. */
  async function move(
    id: string,
    owner: string,
    dueAt: number,
    claimedUntil: number | "" = "",
  ): Promise<Job | "running" | undefined> {
    for (let attempt = 1; ; attempt++) {
      const record = await recordOf(id);
      const job = readJob(record);
      if (record === null || job?.owner !== owner) return undefined;
      const later: Job = { ...job, dueAt, attempts: 0, failures: 0 };
      const places = [keys.due, keys.records, keys.owned(owner)];
      try {
        const moved = await redis().eval(moveScript, places, [id, record, writeJob(later), dueAt, claimedUntil]);
        if (moved === -1) return "running";
        // Another delivery of the same click, or a try of the job, wrote its record meanwhile: the job is still the owner's.
        if (moved !== 1 && attempt < moveAttempts) continue;
        if (moved !== 1) return undefined;
      } catch (error) {
        if (!(error instanceof RedisUnknownOutcomeError) || (await recordOf(id)) !== writeJob(later)) throw error;
      }
      onScheduled(later);
      return later;
    }
  }

  return {
    async schedule({ id: given, kind, owner, data = null, dueAt, every, most }) {
      const id = given ?? createId();
      if (wakeName(id) !== undefined) throw new RangeError(`A job's id does not begin with "~": ${JSON.stringify(id)}`);
      const keep = given === undefined && most === undefined ? keepNew : keepOwn;
      const createdAt = clock.now();
      const first = dueAt ?? (every ? nextOccurrence(every, createdAt) : createdAt);
      checkTime(first);
      // A cron expression that never comes is found out now, not when it is due.
      if (every) nextOccurrence(every, first);
      const job: Job = { id, kind, owner, data, dueAt: first, ...(every && { every }), attempts: 0, createdAt };
      try {
        await keep(job, most);
      } catch (error) {
        if (!(error instanceof RedisUnknownOutcomeError)) throw error;
        if ((await recordOf(id)) !== writeJob(job)) {
          // Not there, and not done either before it is due: it never arrived.
          if (clock.now() >= first) throw error;
          await keep(job, most);
        }
      }
      onScheduled(job);
      return job;
    },
    get: async (id) => readJob(await recordOf(id)),
    async list(owner, most = 25) {
      const ids = await redis().zrange<string[]>(keys.owned(owner), 0, most - 1);
      if (ids.length === 0) return [];
      const records = await redis().exec<(string | null)[]>(["HMGET", keys.records, ...ids]);
      // A record that could not be read was set aside without knowing its owner. After a failure the next call removes it.
      const gone = ids.filter((_, index) => records[index] === null);
      if (gone.length > 0)
        await redis()
          .zrem(keys.owned(owner), ...gone)
          .catch(() => {});
      return records.map(readJob).filter((job) => job !== undefined);
    },
    cancel: (id, owner) =>
      // Sent again, it finds nothing where the first call removed the job.
      sendAgainIfUnknown(
        async (isAgain) =>
          (await redis().eval(cancelScript, [keys.due, keys.records, keys.owned(owner)], [id])) === 1 || isAgain,
      ),
    async snooze(id, owner, dueAt) {
      checkTime(dueAt);
      const moved = await move(id, owner, dueAt);
      return moved === "running" ? undefined : moved;
    },
    start: (id, owner) => {
      const now = clock.now();
      return move(id, owner, now, now + longestClaimMs);
    },
    async dead(owner) {
      const records = await redis().exec<string[]>(["HVALS", keys.dead(owner)]);
      return records
        .map(readDead)
        .filter((one) => one !== undefined)
        .toSorted((a, b) => b.at - a.at);
    },
    page: (page) => readJobPage(redis(), keys, page),
    deadPage: (page) => readDeadPage(redis(), keys, page),
    async drop(id, owner) {
      const [removed] = await Promise.all([
        redis().exec<number>(["HDEL", keys.dead(owner), id]),
        redis().zrem(keys.graves, graveOf({ owner, id })),
      ]);
      return removed > 0;
    },
    async revive(id, owner, most) {
      const job = readDead(await redis().hget<string>(keys.dead(owner), id))?.job;
      if (!job) return undefined;
      const again: Job = { ...job, dueAt: clock.now(), attempts: 0, failures: 0 };
      // Of two callers at once, one takes it: the other would have it run twice.
      if (!(await keepOwn(again, most, keys.dead(owner), keys.graves))) return undefined;
      onScheduled(again);
      return again;
    },
    async forget(owner) {
      const places = [keys.due, keys.records, keys.owned(owner), keys.dead(owner), keys.graves];
      await sendAgainIfUnknown(() => redis().eval(forgetScript, places, [owner]));
    },
    overview: (most = 50) => readOverview(redis(), keys, clock.now(), most),
    unreadable: () => redis().exec<number>(["HLEN", keys.unreadable]),
    async wake(name, at) {
      checkTime(at);
      await redis().exec(["ZADD", keys.due, "LT", at, wakeId(name)]);
    },
    async unwake(name, at) {
      await redis().eval(unwakeScript, [keys.due], [wakeId(name), at]);
    },
  };
}

// --- Internal helpers ---

/** No claim lasts longer. */
const longestClaimMs = 60_000;
/** How often a job is moved anew when its record changed under it. */
const moveAttempts = 5;

function checkTime(dueAt: number): void {
  if (!isTime(dueAt)) throw new JobTimeError(dueAt);
}
