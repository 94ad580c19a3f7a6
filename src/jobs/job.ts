import type { Recurrence } from "./recurrence.ts";

/** Something to be done at or after a time. */
export interface Job {
  id: string;
  /** Which handler does it. */
  kind: string;
  /** Whose it is: a user, usually. */
  owner: string;
  /** What the handler needs; JSON. */
  data: unknown;
  /** Epoch milliseconds. */
  dueAt: number;
  /** After each time it is due again; once when left out. */
  every?: Recurrence;
  /** How often it was tried since it became due. */
  attempts: number;
  createdAt: number;
}

/** A job given up. */
export interface DeadJob {
  job: Job;
  reason: string;
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

/** Undefined for what another version of the bot wrote and this one cannot read. */
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

/**
 * The same for every try at one due time of a job, another for the next due time; at most 25 characters, as Discord's
 * `nonce` allows. With `enforce_nonce` a message sent twice within a few minutes appears once.
 *
 * @see https://discord.com/developers/docs/resources/message#create-message
 */
export const nonceOf = ({ id, dueAt }: Pick<Job, "id" | "dueAt">): string => `${hash(id)}.${dueAt.toString(36)}`;

// --- Internal helpers ---

/** FNV-1a, 64 bits, in base 36: 13 characters at most. For telling apart, not for secrets. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  }
  return value.toString(36);
}
