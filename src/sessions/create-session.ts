import { RedisUnknownOutcomeError } from "../redis/index.ts";
import type { SessionContext } from "./context.ts";
import { type Envelope, encodeEnvelope } from "./envelope.ts";
import { addOwner, decodeRecords, encodeRecord, isListed, readListed, recordsIn, rewriteList } from "./owner-list.ts";

/**
 * Stores a new session and puts its id on its owner's list. Ends the owner's oldest sessions beyond `maxPerOwner`, which
 * costs 3 to 5 commands more. An owner's first session costs 1 command, 1 round trip more behind the answer.
 *
 * Cost: 2 commands, 1 round trip; 1 command without an owner.
 */
export async function createSession(context: SessionContext, id: string, envelope: Envelope): Promise<void> {
  const text = encodeEnvelope(envelope);
  for (let losses = 0; ; losses++) {
    try {
      const length = await write(context, id, text, envelope);
      if (envelope.owner !== "") await tendList(context, envelope.owner, length);
      return;
    } catch (error) {
      // No other isolate knows the id, and the text is the same: writing it twice does no harm.
      if (!(error instanceof RedisUnknownOutcomeError) || losses === maxLosses) throw error;
      if (await isWritten(context, id, text, envelope.owner)) return;
    }
  }
}

// --- Internal helpers ---

const maxLosses = 2;

/** Returns the list's new length. The record goes first: without its session it is harmless, the reverse would be unlisted. */
async function write(
  context: SessionContext,
  id: string,
  text: string,
  { owner, endsAt, expiresAt }: Envelope,
): Promise<number> {
  const redis = context.redis();
  const key = context.keys.session(id);
  const px = expiresAt - context.clock.now();
  if (owner === "") {
    await redis.set(key, text, { nx: true, px });
    return 0;
  }
  const record = encodeRecord({ id, endsAt });
  const [length] = await Promise.all([
    redis.exec<number>(["APPEND", context.keys.ownerList(owner), record]),
    redis.set(key, text, { nx: true, px }),
  ]);
  return length;
}

async function isWritten(context: SessionContext, id: string, text: string, owner: string): Promise<boolean> {
  const key = context.keys.session(id);
  if (owner === "") return (await context.redis().get<string>(key)) === text;
  const [stored, list = null] = await context.redis().mget<(string | null)[]>(key, context.keys.ownerList(owner));
  return stored === text && isListed(list, id);
}

async function tendList(context: SessionContext, owner: string, length: number): Promise<void> {
  if (recordsIn(length) > context.maxPerOwner) return enforceCap(context, owner);
  // Adding an owner twice does no harm; where both fail, the next rewrite of the list adds them.
  if (recordsIn(length) === 1) context.waitUntil(addOwner(context, owner).catch(() => addOwner(context, owner)));
}

/** Ends all but the newest `maxPerOwner` of an owner's sessions. 3 to 5 commands. */
async function enforceCap(context: SessionContext, owner: string): Promise<void> {
  const list = await context.redis().get<string>(context.keys.ownerList(owner));
  if (list === null) return;
  const listed = await readListed(context, decodeRecords(list));
  const kept = listed.slice(-context.maxPerOwner);
  const ended = listed.slice(0, listed.length - kept.length);
  const isWritten = await rewriteList(context, owner, list, new Set(kept.map(({ head }) => head.id)));
  // Off the list they have ended already; unlinking saves their memory until they expire.
  if (isWritten && ended.length > 0) {
    await context.redis().unlink(...ended.map(({ head }) => context.keys.session(head.id)));
  }
}
