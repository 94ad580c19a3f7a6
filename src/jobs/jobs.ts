import { type Clock, systemClock } from "../platform/index.ts";
import { type RedisCommands, RedisUnknownOutcomeError } from "../redis/index.ts";
import { type DeadJob, type Job, readJob, writeJob } from "./job.ts";
import { createKeys } from "./keys.ts";
import { nextOccurrence, type Recurrence } from "./recurrence.ts";
import { cancelScript, moveScript } from "./scripts.lua.ts";

export interface NewJob {
  /** Default: a new one. The same id again replaces the job, so one taken from the interaction makes asking twice one job. */
  id?: string;
  kind: string;
  owner: string;
  data?: unknown;
  /** Epoch milliseconds. May be left out for a recurring job: then its first time is the first after now. */
  dueAt?: number;
  every?: Recurrence;
}

/** What is to be done later, kept in Redis. Who does it: `createJobRunner`. */
export interface Jobs {
  /**
   * Keeps a job; once this resolves it is run at or after its time, at least once. 3 commands in 1 round trip, all or
   * nothing; a lost reply adds a read. Throws `RecurrenceError`, and `RedisUnknownOutcomeError` when it can not be found out
   * whether it is kept.
   * NOT safe from a failover of Redis that loses the last writes.
   */
  schedule(job: NewJob): Promise<Job>;
  /** One job; undefined when it is done, cancelled or given up. 1/1. */
  get(id: string): Promise<Job | undefined>;
  /** An owner's jobs, the next due first. 2/2; 1/1 when there are none. */
  list(owner: string, most?: number): Promise<Job[]>;
  /** Takes an owner's job away; false when there is none of that id and owner. A run that has begun goes on. 4/1. */
  cancel(id: string, owner: string): Promise<boolean>;
  /** Puts an owner's job off; undefined when there is none. A run that has begun goes on. 6/2. */
  snooze(id: string, owner: string, dueAt: number): Promise<Job | undefined>;
  /** Jobs given up, the last first. 1/1. */
  dead(): Promise<DeadJob[]>;
  /** Has a job that was given up tried again, now; undefined when there is none. 5/2. */
  revive(id: string): Promise<Job | undefined>;
}

/** The commands that keep jobs. */
export type JobCommands = Pick<RedisCommands, "eval" | "exec" | "hget" | "multi" | "zrange">;

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

  function keep(job: Job, forget?: string) {
    const { id, owner, dueAt } = job;
    const all = redis()
      .multi()
      .hset(keys.records, { [id]: writeJob(job) })
      .zadd(keys.due, { score: dueAt, member: id })
      .zadd(keys.owned(owner), { score: dueAt, member: id });
    return forget === undefined ? all.exec() : all.hdel(keys.dead, forget).exec();
  }

  const recordOf = (id: string) => redis().hget<string>(keys.records, id);

  return {
    async schedule({ id = createId(), kind, owner, data = null, dueAt, every }) {
      const createdAt = clock.now();
      const first = dueAt ?? (every ? nextOccurrence(every, createdAt) : createdAt);
      // A cron expression that says nothing is found out now, not when it is due.
      if (every) nextOccurrence(every, first);
      const job: Job = { id, kind, owner, data, dueAt: first, ...(every && { every }), attempts: 0, createdAt };
      try {
        await keep(job);
      } catch (error) {
        if (!(error instanceof RedisUnknownOutcomeError)) throw error;
        if ((await recordOf(id)) !== writeJob(job)) {
          // Not there, and not done either before it is due: it never arrived.
          if (clock.now() >= first) throw error;
          await keep(job);
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
      return records.map(readJob).filter((job) => job !== undefined);
    },
    async cancel(id, owner) {
      const cancel = () => redis().eval(cancelScript, [keys.due, keys.records, keys.owned(owner)], [id]);
      try {
        return (await cancel()) === 1;
      } catch (error) {
        if (!(error instanceof RedisUnknownOutcomeError)) throw error;
        // Whichever of the two did it, it is gone.
        await cancel();
        return true;
      }
    },
    async snooze(id, owner, dueAt) {
      const record = await recordOf(id);
      const job = readJob(record);
      if (record === null || job?.owner !== owner) return undefined;
      const later: Job = { ...job, dueAt, attempts: 0 };
      const move = redis().eval(
        moveScript,
        [keys.due, keys.records, keys.owned(owner)],
        [id, record, writeJob(later), dueAt],
      );
      try {
        if ((await move) !== 1) return undefined;
      } catch (error) {
        if (!(error instanceof RedisUnknownOutcomeError) || (await recordOf(id)) !== writeJob(later)) throw error;
      }
      onScheduled(later);
      return later;
    },
    async dead() {
      const flat = await redis().exec<string[]>(["HGETALL", keys.dead]);
      return flat
        .filter((_, index) => index % 2 === 1)
        .map(readDead)
        .filter((one) => one !== undefined)
        .toSorted((a, b) => b.at - a.at);
    },
    async revive(id) {
      const job = readDead(await redis().hget<string>(keys.dead, id))?.job;
      if (!job) return undefined;
      const again: Job = { ...job, dueAt: clock.now(), attempts: 0 };
      await keep(again, id);
      onScheduled(again);
      return again;
    },
  };
}

// --- Internal helpers ---

/** `[when, why, record]`. */
export const writeDead = ({ job, reason, at }: DeadJob): string => JSON.stringify([at, reason, writeJob(job)]);

function readDead(text: string | null): DeadJob | undefined {
  const [at, reason, record]: unknown[] = JSON.parse(text ?? "[]");
  const job = readJob(typeof record === "string" ? record : null);
  return job && typeof at === "number" && typeof reason === "string" ? { job, reason, at } : undefined;
}
