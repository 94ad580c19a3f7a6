import { compareAndDelete } from "../redis/index.ts";
import type { SessionContext } from "./context.ts";
import { isOwner } from "./ids.ts";
import { addOwner, decodeRecords, type ListedSession, readListed, rewriteList } from "./owner-list.ts";

/** Counts of sessions, found one page of owners after the other. */
export interface SessionStatistics {
  sessions: number;
  owners: number;
  /** The number of each owner's sessions, by owner. Owners without sessions are left out. */
  perOwner: ReadonlyMap<string, number>;
  /** The number of sessions of each kind. */
  perKind: ReadonlyMap<string, number>;
}

/**
 * Returns an owner's sessions, the oldest first. Records of ended sessions leave the list behind the answer.
 *
 * Cost: 2 commands, 2 round trips.
 */
export async function readOwnerSessions(context: SessionContext, owner: string): Promise<ListedSession[]> {
  if (!isOwner(owner)) return [];
  const list = await context.redis().get<string>(context.keys.ownerList(owner));
  if (list === null) return [];
  const listed = await readListed(context, decodeRecords(list));
  if (listed.length < decodeRecords(list).length) {
    context.waitUntil(rewriteList(context, owner, list, idsOf(listed)).catch(() => false));
  }
  return listed;
}

/**
 * Yields every owner with a list, and their sessions, a hundred owners at a time in the order of their ids.
 *
 * Cost: 2 commands, 2 round trips for every hundred owners, and 1 command, 1 round trip for every hundred sessions.
 */
export async function* walkOwners(
  context: SessionContext,
): AsyncGenerator<{ owner: string; list: string | null; listed: ListedSession[] }> {
  let from = "-";
  for (;;) {
    const owners = await context
      .redis()
      .exec<string[]>(["ZRANGE", context.keys.owners, from, "+", "BYLEX", "LIMIT", "0", String(pageSize)]);
    if (owners.length === 0) return;
    const lists = await context
      .redis()
      .mget<(string | null)[]>(...owners.map((owner) => context.keys.ownerList(owner)));
    const records = lists.map((list) => decodeRecords(list ?? ""));
    const byOwner = Map.groupBy(await readListed(context, records.flat()), ({ head }) => head.owner);
    for (const [index, owner] of owners.entries()) {
      yield { owner, list: lists[index] ?? null, listed: byOwner.get(owner) ?? [] };
    }
    from = `(${owners.at(-1)}`;
  }
}

/** Returns how many sessions there are, and whose. Costs the same as `walkOwners`. */
export async function countSessions(context: SessionContext): Promise<SessionStatistics> {
  const perOwner = new Map<string, number>();
  const perKind = new Map<string, number>();
  let sessions = 0;
  for await (const { owner, listed } of walkOwners(context)) {
    if (listed.length > 0) perOwner.set(owner, listed.length);
    for (const { head } of listed) perKind.set(head.kind, (perKind.get(head.kind) ?? 0) + 1);
    sessions += listed.length;
  }
  return { sessions, owners: perOwner.size, perOwner, perKind };
}

/**
 * Removes ended sessions from all lists, and owners without sessions from the set of owners. Returns the number of records
 * removed. Costs the same as `walkOwners`, and up to 3 commands for each owner it changes.
 */
export async function cleanUpLists(context: SessionContext): Promise<number> {
  let count = 0;
  for await (const { owner, list, listed } of walkOwners(context)) {
    const ended = decodeRecords(list ?? "").length - listed.length;
    if (listed.length === 0) await removeOwner(context, owner, list);
    else if (ended > 0) await rewriteList(context, owner, list ?? "", idsOf(listed));
    count += ended;
  }
  return count;
}

// --- Internal helpers ---

const pageSize = 100;

const idsOf = (listed: readonly ListedSession[]): ReadonlySet<string> => new Set(listed.map(({ head }) => head.id));

/** Removes an owner from the set, and adds them again if they created a session meanwhile. */
async function removeOwner(context: SessionContext, owner: string, list: string | null): Promise<void> {
  const key = context.keys.ownerList(owner);
  if (list !== null && !(await compareAndDelete(context.redis(), key, list))) return;
  const [, isBack] = await Promise.all([context.redis().zrem(context.keys.owners, owner), context.redis().exists(key)]);
  if (isBack === 1) await addOwner(context, owner);
}
