import type { Recurrence } from "./recurrence.ts";

/** Scheduled work: runs at or after its due time. */
export interface Job {
  id: string;
  /** Names the handler that does it. */
  kind: string;
  /** The id of the owner: usually a user. */
  owner: string;
  /** JSON for the handler. */
  data: unknown;
  /** Epoch milliseconds, by the server's clock. */
  dueAt: number;
  /** When it is due again after each run. Default: it runs once. */
  every?: Recurrence;
  /** Failed tries since it became due. */
  attempts: number;
  /** Epoch milliseconds. */
  createdAt: number;
}

/** A job that was given up. */
export interface DeadJob {
  job: Job;
  reason: string;
  /** When it was given up, in epoch milliseconds. */
  at: number;
}

export const writeJob = ({ id, kind, owner, data, dueAt, every, attempts, createdAt }: Job): string =>
  JSON.stringify([
    id,
    kind,
    owner,
    dueAt,
    attempts,
    createdAt,
    data ?? null,
    ...(every ? [every.cron, every.zone] : []),
  ]);

/**
 * Returns the job in a record; undefined for a record that another version of the bot wrote and this one cannot read.
 */
export function readJob(text: string | null | undefined): Job | undefined {
  try {
    const fields: unknown = JSON.parse(text ?? "");
    if (!Array.isArray(fields)) return undefined;
    const [id, kind, owner, dueAt, attempts, createdAt, data, cron, zone]: unknown[] = fields;
    if (typeof id !== "string" || typeof kind !== "string" || typeof owner !== "string") return undefined;
    if (typeof dueAt !== "number" || typeof attempts !== "number" || typeof createdAt !== "number") return undefined;
    const every = typeof cron === "string" && typeof zone === "string" && { every: { cron, zone } };
    return { id, kind, owner, data, dueAt, attempts, createdAt, ...every };
  } catch {
    return undefined;
  }
}

/** Returns a dead job as text: `[at, reason, record]`. */
export const writeDead = ({ job, reason, at }: DeadJob): string => JSON.stringify([at, reason, writeJob(job)]);

/** Returns the dead job in a text; undefined when it is unreadable. */
export function readDead(text: string | null): DeadJob | undefined {
  const [at, reason, record]: unknown[] = JSON.parse(text ?? "[]");
  const job = readJob(typeof record === "string" ? record : null);
  return job && typeof at === "number" && typeof reason === "string" ? { job, reason, at } : undefined;
}

/**
 * Returns a text that is the same for every try at one due time of a job, and another for its next due time. It has at
 * most 25 characters, as Discord's `nonce` allows. With `enforce_nonce`, a message sent twice within a few minutes
 * appears once.
 *
 * @see https://discord.com/developers/docs/resources/message#create-message
 */
export const nonceOf = ({ id, dueAt }: Pick<Job, "id" | "dueAt">): string => `${hash(id)}.${dueAt.toString(36)}`;

// --- Internal helpers ---

/** FNV-1a, 64 bits, in base 36: at most 13 characters. Not for secrets. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  }
  return value.toString(36);
}
