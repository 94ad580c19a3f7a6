import { compareAndDelete, compareAndSwap, sendAgainIfUnknown } from "../redis/index.ts";
import type { SessionContext } from "./context.ts";
import { isSessionId } from "./ids.ts";

// An owner's list is one string: a record of 31 characters for each session, the oldest first. A session is valid only while
// its id is on the list, so that one MGET answers both what the session is and whether it was revoked. Deleting the list
// revokes all its sessions, and so does losing it; a lost counter would revive them instead.
//
// The list ends with the last of its sessions. A new record gives it the longest life a session may have, so that the list is
// never too short; `replaceList` sets the life that its records need, unless another write came first.

/** One session on a list. `endsAt` is when it is over in any case, in epoch milliseconds. */
export interface ListRecord {
  id: string;
  endsAt: number;
}

const recordLength = 31;

export const encodeRecord = ({ id, endsAt }: ListRecord): string => `${id}${endsAt.toString(36).padStart(9, "0")}`;

/** Returns the records of a list, each id once with its latest end, the oldest first. A missing list has none. */
export function decodeRecords(list: string | null): ListRecord[] {
  const text = list ?? "";
  const records = new Map<string, ListRecord>();
  for (let from = 0; from + recordLength <= text.length; from += recordLength) {
    const id = text.slice(from, from + 22);
    const endsAt = Number.parseInt(text.slice(from + 22, from + recordLength), 36);
    if (!isSessionId(id) || !Number.isFinite(endsAt)) continue;
    records.set(id, { id, endsAt: Math.max(endsAt, records.get(id)?.endsAt ?? endsAt) });
  }
  return [...records.values()];
}

/** Returns whether the session is on the list; false for a missing list. */
export const isListed = (list: string | null, id: string): boolean =>
  decodeRecords(list).some((record) => record.id === id);

/** Returns the records of a list whose sessions are not over in any case. */
export const currentRecords = ({ clock }: SessionContext, list: string | null): ListRecord[] =>
  decodeRecords(list).filter(({ endsAt }) => endsAt > clock.now());

/** Returns when the last of these sessions is over in any case, in epoch milliseconds. */
export const latestEnd = (records: readonly ListRecord[]): number => Math.max(...records.map(({ endsAt }) => endsAt));

/**
 * Replaces a list by these records, for as long as the last of them lasts; deletes it without records. Returns false, with
 * nothing written, when another write changed the list first: then it lives longer, and the next session or reading of the
 * list tries again.
 *
 * Cost: 1 command, 1 round trip.
 */
export function replaceList(
  context: SessionContext,
  owner: string,
  list: string,
  records: readonly ListRecord[],
): Promise<boolean> {
  const key = context.keys.ownerList(owner);
  if (records.length === 0) return sendAgainIfUnknown(() => compareAndDelete(context.redis(), key, list));
  const value = records.map(encodeRecord).join("");
  const px = latestEnd(records) - context.clock.now();
  return sendAgainIfUnknown(async () => {
    const before = await compareAndSwap(context.redis(), { key, value, expected: list, px });
    return before === list || before === value;
  });
}
