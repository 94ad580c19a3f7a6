import { type Clock, systemClock } from "../platform/index.ts";
import { type RedisCommands, RedisUnknownOutcomeError } from "../redis/index.ts";
import { type DeadJob, type Job, readDead, readJob, writeJob } from "./job.ts";
import { createKeys } from "./keys.ts";
import { nextOccurrence, type Recurrence } from "./recurrence.ts";
import { cancelScript, moveScript } from "./scripts.lua.ts";

export interface NewJob {
  /** A job of the same id is replaced: with an interaction's id, two deliveries make one job. Default: a new id. */
  id?: string;
  /** Names the handler that does it. */
  kind: string;
  /** The id of the owner: usually a user. */
  owner: string;
  /** JSON for the handler. Default: null. */
  data?: unknown;
  /** Epoch milliseconds. Default: now; for a recurring job, its first occurrence. */
  dueAt?: number;
  /** When it is due again after each run. Default: it runs once. */
  every?: Recurrence;
}

/** Scheduled work, stored in Redis. `createJobRunner` runs it. */
export interface Jobs {
  /**
   * Stores a job. Once this resolves, the job runs at or after its due time, at least once. Not safe when Redis fails
   * over and loses the last writes. Throws `RecurrenceError`, and `RedisUnknownOutcomeError` when it cannot be found
   * out whether the job is stored.
   * Cost: 3 commands, 1 round trip; 1 more of each after a lost reply.
   *
   * @example
   * await jobs.schedule({ id: `remind:${id}`, kind: "remind", owner: user.id, data: { text }, dueAt: now() + 600_000 });
   */
  schedule(job: NewJob): Promise<Job>;
  /** Returns a job; undefined when it is done, cancelled or given up. Cost: 1 command, 1 round trip. */
  get(id: string): Promise<Job | undefined>;
  /**
   * Returns an owner's jobs, the next due first. `most` defaults to 25.
   * Cost: 2 commands, 2 round trips; 1 of each for an owner without jobs.
   */
  list(owner: string, most?: number): Promise<Job[]>;
  /**
   * Cancels an owner's job. Returns false when the owner has no such job. A run that has begun goes on.
   * Cost: 4 commands, 1 round trip.
   */
  cancel(id: string, owner: string): Promise<boolean>;
  /**
   * Moves an owner's job to another time. Returns undefined when the owner has no such job. A run that has begun
   * goes on.
   * Cost: 6 commands, 2 round trips.
   */
  snooze(id: string, owner: string, dueAt: number): Promise<Job | undefined>;
  /** Returns the jobs that were given up, the latest first. Cost: 1 command, 1 round trip. */
  dead(): Promise<DeadJob[]>;
  /**
   * Schedules a job that was given up for now. Returns undefined when there was none.
   * Cost: 5 commands, 2 round trips.
   */
  revive(id: string): Promise<Job | undefined>;
}

/** The commands that store jobs. */
export type JobCommands = Pick<RedisCommands, "eval" | "exec" | "hget" | "multi" | "zrange">;

export interface JobsOptions {
  /** Returns the connection's commands. Called when a command is sent, not before. */
  redis(): JobCommands;
  /** Begins every key. */
  prefix: string;
  /** Default: the machine's. */
  clock?: Pick<Clock, "now">;
  /** Returns a unique id for a job. Default: a random UUID. */
  createId?(): string;
  /** Called when a job was stored or moved, so that it can run on time. */
  onScheduled?(job: Job): void;
}

/** Makes the jobs of one invocation. Cost: 0 commands. */
export function createJobs({
  redis,
  prefix,
  clock = systemClock,
  createId = () => crypto.randomUUID(),
  onScheduled = () => {},
}: JobsOptions): Jobs {
  const keys = createKeys(prefix);

  function store(job: Job, revived?: string) {
    const { id, owner, dueAt } = job;
    const all = redis()
      .multi()
      .hset(keys.records, { [id]: writeJob(job) })
      .zadd(keys.due, { score: dueAt, member: id })
      .zadd(keys.owned(owner), { score: dueAt, member: id });
    return revived === undefined ? all.exec() : all.hdel(keys.dead, revived).exec();
  }

  const recordOf = (id: string) => redis().hget<string>(keys.records, id);

  return {
    async schedule({ id = createId(), kind, owner, data = null, dueAt, every }) {
      const createdAt = clock.now();
      const first = dueAt ?? (every ? nextOccurrence(every, createdAt) : createdAt);
      // Refuse a wrong cron expression now, not when the job is due.
      if (every) nextOccurrence(every, first);
      const job: Job = { id, kind, owner, data, dueAt: first, ...(every && { every }), attempts: 0, createdAt };
      try {
        await store(job);
      } catch (error) {
        if (!(error instanceof RedisUnknownOutcomeError)) throw error;
        if ((await recordOf(id)) !== writeJob(job)) {
          // It is not stored, and cannot have run before it is due: it never arrived.
          if (clock.now() >= first) throw error;
          await store(job);
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
        // One of the two cancelled it.
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
      await store(again, id);
      onScheduled(again);
      return again;
    },
  };
}
