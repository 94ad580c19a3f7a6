import { compareAndSet } from "../redis/index.ts";
import type { SessionContext } from "./context.ts";
import { decodeEnvelope, type Envelope, encodeEnvelope } from "./envelope.ts";
import { isOwner, isSessionId } from "./ids.ts";
import { isListed } from "./owner-list.ts";
import { gone, type NotFound } from "./session.ts";

/** Which session, and who asks for it: a session with an owner is found by its owner only. */
export interface SessionRef {
  id: string;
  /** Left out for a shared session. */
  owner?: string | undefined;
}

/** A session as it is stored, or why there is none. */
export type StoredSession = { found: true; text: string; envelope: Envelope } | NotFound;

/**
 * Reads a session without using it: its expiry does not slide.
 *
 * Cost: 1 command, 1 round trip; 0 for a text that cannot be an id.
 */
export async function readSession(
  context: SessionContext,
  kind: string,
  { id, owner = "" }: SessionRef,
): Promise<StoredSession> {
  if (!isSessionId(id) || (owner !== "" && !isOwner(owner))) return gone;
  const key = context.keys.session(id);
  const [text = null, list = null] =
    owner === ""
      ? [await context.redis().get<string>(key)]
      : await context.redis().mget<(string | null)[]>(key, context.keys.ownerList(owner));
  const stored = decode(context, kind, owner, text);
  return stored.found && owner !== "" && !isListed(list, id) ? gone : stored;
}

/** Decodes a stored session and checks kind, owner and lifetime. */
export function decode(context: SessionContext, kind: string, owner: string, text: string | null): StoredSession {
  if (text === null) return gone;
  const envelope = decodeEnvelope(text);
  if (envelope?.kind !== kind || envelope.endsAt <= context.clock.now()) return gone;
  return envelope.owner === owner ? { found: true, text, envelope } : { found: false, reason: "foreign" };
}

/**
 * Slides the expiry of a session that was used, behind the answer. The session and its revision stay the same, so that a slide
 * neither wins against an update nor brings back an ended session.
 *
 * Cost: 0 commands; 1 command, 1 round trip once a quarter of the session's life has passed.
 */
export function slideExpiry(
  context: SessionContext,
  ttlMs: number,
  { id }: SessionRef,
  { text, envelope }: StoredSession & { found: true },
): void {
  const now = context.clock.now();
  const expiresAt = Math.min(now + ttlMs, envelope.endsAt);
  if (expiresAt - envelope.expiresAt < ttlMs / 4) return;
  const value = encodeEnvelope({ ...envelope, expiresAt });
  const key = context.keys.session(id);
  context.behind(compareAndSet(context.redis(), { key, value, expected: text, px: expiresAt - now }));
}
