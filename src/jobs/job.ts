import type { Recurrence } from "./recurrence.ts";

/** Work to be done at or after a time. */
export interface Job {
  id: string;
  /** Which handler does it. */
  kind: string;
  /** Whose it is: a user's id, usually. */
  owner: string;
  /** The handler's input; JSON. */
  data: unknown;
  /** Epoch milliseconds. */
  dueAt: number;
  /** When it is due again after each time. Default: never. */
  every?: Recurrence;
  /** How often it was tried since it became due. */
  attempts: number;
  createdAt: number;
  /** How many occurrences in a row were given up. */
  failures?: number;
  /** Why the last occurrence was given up. */
  problem?: string;
}

/** A job that was given up. */
export interface DeadJob {
  job: Job;
  reason: string;
  /** Epoch milliseconds. */
  at: number;
}

/** Returns the record of a job: a JSON array. */
export const writeJob = ({
  id,
  kind,
  owner,
  data,
  dueAt,
  every,
  attempts,
  createdAt,
  failures = 0,
  problem,
}: Job): string =>
  JSON.stringify([
    id,
    kind,
    owner,
    dueAt,
    attempts,
    createdAt,
    data,
    ...(every ? [every.cron, every.zone] : []),
    ...(every && failures > 0 ? [failures, problem ?? ""] : []),
  ]);

/** Returns the job in a record; `undefined` for a record of another version, or one that is damaged. */
export function readJob(text: string | null | undefined): Job | undefined {
  try {
    const fields: unknown = JSON.parse(String(text));
    if (!Array.isArray(fields)) return undefined;
    const [id, kind, owner, dueAt, attempts, createdAt, data, cron, zone, failures, problem]: unknown[] = fields;
    if (typeof id !== "string" || typeof kind !== "string" || typeof owner !== "string") return undefined;
    if (!isTime(dueAt) || !isTime(createdAt) || !isCount(attempts)) return undefined;
    return {
      id,
      kind,
      owner,
      data,
      dueAt,
      attempts,
      createdAt,
      ...(typeof cron === "string" && typeof zone === "string" && { every: { cron, zone } }),
      ...(isCount(failures) && { failures }),
      ...(typeof problem === "string" && { problem }),
    };
  } catch {
    return undefined;
  }
}

/** Returns the record of a dead job: `[when, why, the job's record]`. A record that no version could read is kept as it is. */
export const writeDead = (dead: DeadJob | { record: string; reason: string; at: number }): string =>
  JSON.stringify([dead.at, dead.reason, "record" in dead ? dead.record : writeJob(dead.job)]);

/** Returns the dead job in a record; `undefined` for what this version cannot read. */
export function readDead(text: string | null | undefined): DeadJob | undefined {
  try {
    const [at, reason, record]: unknown[] = JSON.parse(String(text));
    const job = readJob(String(record));
    return job && typeof at === "number" && typeof reason === "string" ? { job, reason, at } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns a nonce: the same for every try at one due time of a job, another for the next due time; at most 25 characters, as
 * Discord's `nonce` allows. With `enforce_nonce`, a message sent twice within a few minutes appears once.
 *
 * @see https://docs.discord.com/developers/resources/message#create-message
 */
export const nonceOf = ({ id, dueAt }: Pick<Job, "id" | "dueAt">): string => `${hash(id)}.${dueAt.toString(36)}`;

/** Returns whether a value is a time that jobs can be due at: whole epoch milliseconds, from 1970 to the last that a `Date` shows. */
export const isTime = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 8.64e15;

// --- Internal helpers ---

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** FNV-1a, 64 bits, in base 36: 13 characters at most. It tells ids apart and keeps no secret. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  }
  return value.toString(36);
}
