import { compareAndSet } from "../redis/index.ts";
import type { SessionHost } from "./context.ts";
import { type Envelope, readEnvelope, writeEnvelope } from "./envelope.ts";
import { isOwner, isSessionId } from "./ids.ts";
import { isOnRoster } from "./roster.ts";
import { gone, type NotFound } from "./session.ts";

/** Which session, and who asks: a session with an owner is there for its owner alone. */
export interface SessionRef {
  id: string;
  /** Left out: a shared session, which belongs to whoever knows its id. */
  owner?: string | undefined;
}

/** What stands in Redis for a reference, or why it is not to be had. */
export type Look = { found: true; text: string; envelope: Envelope } | NotFound;

/** Looks without using: nothing slides. 1 command in 1 round trip; 0 for what cannot be an id. */
export async function look(host: SessionHost, kind: string, { id, owner = "" }: SessionRef): Promise<Look> {
  if (!isSessionId(id) || (owner !== "" && !isOwner(owner))) return gone;
  const key = host.keys.session(id);
  const [text = null, roster = null] =
    owner === ""
      ? [await host.redis().get<string>(key)]
      : await host.redis().mget<(string | null)[]>(key, host.keys.roster(owner));
  const seen = judge(host, kind, owner, text);
  return seen.found && owner !== "" && !isOnRoster(roster, id) ? gone : seen;
}

/** What a text means to somebody who asks for a session of this kind. 0 commands. */
export function judge(host: SessionHost, kind: string, owner: string, text: string | null): Look {
  const envelope = text === null ? undefined : readEnvelope(text);
  if (text === null || envelope?.kind !== kind || envelope.endsAt <= host.now()) return gone;
  return envelope.owner === owner ? { found: true, text, envelope } : { found: false, reason: "foreign" };
}

/**
 * Slides the expiry of a session that was used: once a quarter of its life has passed, 1 command behind the answer. What it
 * writes is the same session, so that it neither wins against an update nor brings back what has ended.
 */
export function touch(
  host: SessionHost,
  ttlMs: number,
  { id }: SessionRef,
  { text, envelope }: Look & { found: true },
): void {
  const now = host.now();
  const expiresAt = Math.min(now + ttlMs, envelope.endsAt);
  if (expiresAt - envelope.expiresAt < ttlMs / 4) return;
  const value = writeEnvelope({ ...envelope, expiresAt });
  const sliding = compareAndSet(host.redis(), {
    key: host.keys.session(id),
    value,
    expected: text,
    px: expiresAt - now,
  });
  // Whatever went wrong, the next who uses the session tries again.
  host.waitUntil(sliding.catch(() => false));
}
