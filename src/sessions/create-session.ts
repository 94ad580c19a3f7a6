import { RedisUnknownOutcomeError } from "../redis/index.ts";
import type { SessionContext } from "./context.ts";
import { type Envelope, encodeEnvelope } from "./envelope.ts";
import { SessionTakenError } from "./errors.ts";
import { isSessionId } from "./ids.ts";
import { readListed, recordsOf } from "./list-sessions.ts";
import {
  currentRecords,
  decodeRecords,
  encodeRecord,
  isListed,
  type ListRecord,
  latestEnd,
  replaceList,
} from "./owner-list.ts";

/**
 * Stores a new session and puts its id on its owner's list. A list that would outlive its last session, or holds too many
 * records of ended ones, is replaced behind the answer. Ends the owner's oldest sessions beyond `maxPerOwner`. Throws
 * `RangeError` for a text that cannot be an id, and `SessionTakenError` for the id of another session.
 *
 * Cost: 3 commands, 1 round trip; 1 command without an owner. 1 of each more behind the answer to replace the list, or 2 or 3
 * commands to end sessions; 1 of each more to find out that an id is taken.
 */
export async function createSession(context: SessionContext, id: string, envelope: Envelope): Promise<void> {
  const { owner } = envelope;
  if (!isSessionId(id)) {
    throw new RangeError(`"${id.slice(0, 80)}" cannot be the id of a session: an id is 22 letters, digits, - or _.`);
  }
  const list = await writeSession(context, id, envelope);
  if (list === null) return;
  const records = currentRecords(context, list);
  if (records.length > context.maxPerOwner) return endOldest(context, owner, list, records);
  const isShort = decodeRecords(list).length <= context.maxPerOwner;
  const isExact = context.clock.now() + context.longestLifetimeMs - latestEnd(records) < toleranceMs;
  if (isShort && isExact) return;
  context.behind(replaceList(context, owner, list, records));
}

// --- Internal helpers ---

const maxLosses = 2;
/** A list that outlives its last session by less than this is left alone. */
const toleranceMs = 60_000;

/** Returns the owner's list with the session on it; null without an owner, or when a revocation came first. */
async function writeSession(context: SessionContext, id: string, envelope: Envelope): Promise<string | null> {
  const text = encodeEnvelope(envelope);
  for (let losses = 0; ; losses++) {
    try {
      const { isNew, list } = await write(context, id, text, envelope);
      // A first write whose reply was lost may have arrived since: the same text is this session.
      if (isNew || (await context.redis().get<string>(context.keys.session(id))) === text) return list;
      throw new SessionTakenError(envelope.kind, id);
    } catch (error) {
      // The text is the same: writing it twice does no harm.
      if (!(error instanceof RedisUnknownOutcomeError) || losses === maxLosses) throw error;
      const written = await readWritten(context, id, envelope.owner);
      if (written.text === text && (envelope.owner === "" || isListed(written.list, id))) return written.list;
    }
  }
}

/**
 * The record goes first: without its session, or with one of another owner, it is harmless; the reverse would be unlisted.
 * `isNew` is false when the id is taken.
 */
async function write(
  context: SessionContext,
  id: string,
  text: string,
  { owner, endsAt, expiresAt }: Envelope,
): Promise<{ isNew: boolean; list: string | null }> {
  const redis = context.redis();
  const key = context.keys.session(id);
  const px = expiresAt - context.clock.now();
  if (owner === "") {
    return { isNew: (await redis.set(key, text, { nx: true, px })) !== null, list: null };
  }
  const listKey = context.keys.ownerList(owner);
  const [, list, stored] = await Promise.all([
    redis.exec<number>(["APPEND", listKey, encodeRecord({ id, endsAt })]),
    // PEXPIRE … GT would do nothing for a new list, whose life it takes for endless. This also returns the list.
    redis.getex<string>(listKey, { px: context.longestLifetimeMs }),
    redis.set(key, text, { nx: true, px }),
  ]);
  return { isNew: stored !== null, list };
}

async function readWritten(context: SessionContext, id: string, owner: string) {
  const key = context.keys.session(id);
  if (owner === "") return { text: await context.redis().get<string>(key), list: null };
  const [text = null, list = null] = await context.redis().mget<(string | null)[]>(key, context.keys.ownerList(owner));
  return { text, list };
}

/** Ends all but the newest `maxPerOwner` of the sessions that Redis still holds. */
async function endOldest(
  context: SessionContext,
  owner: string,
  list: string,
  records: readonly ListRecord[],
): Promise<void> {
  const listed = await readListed(context, owner, records);
  const kept = listed.slice(-context.maxPerOwner);
  const ended = listed.slice(0, listed.length - kept.length);
  try {
    const isReplaced = await replaceList(context, owner, list, recordsOf(kept));
    // Off the list they have ended already; unlinking saves their memory until they expire.
    if (isReplaced && ended.length > 0) {
      await context.redis().unlink(...ended.map(({ record }) => context.keys.session(record.id)));
    }
  } catch (error) {
    // The session is created. The owner's next one ends what is left.
    if (!(error instanceof RedisUnknownOutcomeError)) throw error;
  }
}
