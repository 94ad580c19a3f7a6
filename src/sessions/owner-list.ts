import { compareAndDelete, compareAndSwap } from "../redis/index.ts";
import type { SessionContext } from "./context.ts";
import { decodeEnvelope, type Envelope } from "./envelope.ts";
import { isSessionId } from "./ids.ts";

// An owner's list is one string: a record of 31 characters for each session, the oldest first. A session is valid only while
// its id is on the list, so that one MGET answers both what the session is and whether it was revoked. Deleting the list
// revokes all its sessions, and so does losing it; a lost counter would revive them instead.

/** One session on a list. `endsAt` is when it is over in any case, in epoch milliseconds. */
export interface ListRecord {
  id: string;
  endsAt: number;
}

/** A session without its data. */
export interface SessionHead {
  id: string;
  kind: string;
  owner: string;
  revision: number;
  /** Epoch milliseconds: created, expires unless used, over in any case. */
  createdAt: number;
  expiresAt: number;
  endsAt: number;
}

/** A session of a list that Redis still holds. */
export interface ListedSession {
  head: SessionHead;
  envelope: Envelope;
}

const recordLength = 31;

export const encodeRecord = ({ id, endsAt }: ListRecord): string => `${id}${endsAt.toString(36).padStart(9, "0")}`;

/** Returns the number of records in a list of this length, those of ended sessions included. */
export const recordsIn = (characters: number): number => Math.ceil(characters / recordLength);

/** Returns whether the session is on the list; false for a missing list. */
export const isListed = (list: string | null, id: string): boolean =>
  list !== null && decodeRecords(list).some((record) => record.id === id);

/** Returns the records of a list, each id once, the oldest first. */
export function decodeRecords(list: string): ListRecord[] {
  const records = new Map<string, ListRecord>();
  for (let from = 0; from + recordLength <= list.length; from += recordLength) {
    const id = list.slice(from, from + 22);
    const endsAt = Number.parseInt(list.slice(from + 22, from + recordLength), 36);
    if (isSessionId(id) && Number.isFinite(endsAt)) records.set(id, { id, endsAt });
  }
  return [...records.values()];
}

/**
 * Returns the sessions of some records that Redis still holds, in the records' order.
 *
 * Cost: 1 command, 1 round trip for every hundred records.
 */
export async function readListed(context: SessionContext, records: readonly ListRecord[]): Promise<ListedSession[]> {
  const current = records.filter(({ endsAt }) => endsAt > context.clock.now());
  const listed: ListedSession[] = [];
  for (let from = 0; from < current.length; from += pageSize) {
    const page = current.slice(from, from + pageSize);
    const texts = await context.redis().mget<(string | null)[]>(...page.map(({ id }) => context.keys.session(id)));
    for (const [index, { id }] of page.entries()) {
      const text = texts[index];
      const envelope = typeof text === "string" ? decodeEnvelope(text) : undefined;
      if (envelope) listed.push({ head: headOf(id, envelope), envelope });
    }
  }
  return listed;
}

export const headOf = (id: string, { kind, owner, revision, createdAt, expiresAt, endsAt }: Envelope): SessionHead => ({
  id,
  kind,
  owner,
  revision,
  createdAt,
  expiresAt,
  endsAt,
});

/**
 * Replaces a list by one that holds only these ids. Returns false, with nothing written, when another write changed the list
 * first: the next use of the list tries again. Adds the owner to the set of owners as well.
 *
 * Cost: 2 commands, 1 round trip.
 */
export async function rewriteList(
  context: SessionContext,
  owner: string,
  list: string,
  kept: ReadonlySet<string>,
): Promise<boolean> {
  const value = decodeRecords(list)
    .filter(({ id }) => kept.has(id))
    .map(encodeRecord)
    .join("");
  if (value === list) return true;
  // The owner stays in the set until the next clean-up: their next session may be about to begin.
  if (value === "") return compareAndDelete(context.redis(), context.keys.ownerList(owner), list);
  const [before] = await Promise.all([
    compareAndSwap(context.redis(), { key: context.keys.ownerList(owner), value, expected: list }),
    addOwner(context, owner),
  ]);
  return before === list;
}

/** Adds an owner to the set of owners. Cost: 1 command, 1 round trip. */
export const addOwner = (context: SessionContext, owner: string): Promise<unknown> =>
  context.redis().zadd(context.keys.owners, { score: 0, member: owner });

// --- Internal helpers ---

const pageSize = 100;
