import type { SessionContext } from "./context.ts";
import { decodeEnvelope, type Envelope } from "./envelope.ts";
import { isOwner } from "./ids.ts";
import { currentRecords, decodeRecords, type ListRecord, replaceList } from "./owner-list.ts";
import { headOf, type SessionHead } from "./session.ts";

/** A session on an owner's list that Redis still holds. */
export interface ListedSession {
  record: ListRecord;
  head: SessionHead;
  envelope: Envelope;
}

/**
 * Returns an owner's sessions, the oldest first. Records of ended sessions leave the list behind the answer.
 *
 * Cost: 2 commands, 2 round trips; 1 of each more behind the answer when sessions have ended.
 */
export async function listSessions(context: SessionContext, owner: string): Promise<ListedSession[]> {
  if (!isOwner(owner)) return [];
  const list = await context.redis().get<string>(context.keys.ownerList(owner));
  if (list === null) return [];
  const listed = await readListed(context, owner, currentRecords(context, list));
  if (listed.length < decodeRecords(list).length) {
    context.behind(replaceList(context, owner, list, recordsOf(listed)));
  }
  return listed;
}

/**
 * Returns the sessions of some records that Redis still holds and the owner has, in the records' order.
 *
 * Cost: 1 command, 1 round trip for every hundred records.
 */
export async function readListed(
  context: SessionContext,
  owner: string,
  records: readonly ListRecord[],
): Promise<ListedSession[]> {
  const listed: ListedSession[] = [];
  for (let from = 0; from < records.length; from += pageSize) {
    const page = records.slice(from, from + pageSize);
    const texts = await context.redis().mget<(string | null)[]>(...page.map(({ id }) => context.keys.session(id)));
    for (const [index, record] of page.entries()) {
      const text = texts[index];
      const envelope = typeof text === "string" ? decodeEnvelope(text) : undefined;
      if (envelope?.owner === owner) listed.push({ record, head: headOf(record.id, envelope), envelope });
    }
  }
  return listed;
}

export const recordsOf = (listed: readonly ListedSession[]): ListRecord[] => listed.map(({ record }) => record);

// --- Internal helpers ---

const pageSize = 100;
