import { compareAndSwap, RedisUnknownOutcomeError } from "../redis/index.ts";
import type { SessionContext } from "./context.ts";
import { type Envelope, encodeEnvelope, rememberedWrites } from "./envelope.ts";
import { SessionConflictError } from "./errors.ts";
import { decode, readSession, type SessionRef, type StoredSession } from "./read-session.ts";
import { gone, type NotFound } from "./session.ts";

export interface SessionUpdate {
  kind: string;
  ref: SessionRef;
  /** Returns the session to store instead, or `undefined` to find none. Called again after each conflict. */
  next(envelope: Envelope): Envelope | Promise<Envelope | undefined>;
  /** Names this write. A name among the session's last sixteen has taken effect already. */
  writeId: string;
  /** Refuses the update unless the session is at this revision. */
  expected?: number | undefined;
  /** `refuse` throws on a conflict instead of trying again. Default: `retry`. */
  onConflict?: "retry" | "refuse" | undefined;
  /** Default: 20. */
  attempts?: number | undefined;
}

/** The stored session after the update, and the number of attempts it took. */
export type UpdateResult = { found: true; envelope: Envelope; attempts: number } | NotFound;

/**
 * Changes a session by compare-and-set. After a first conflict it needs no read, since the refusal returns the rival's text;
 * after each further one it pauses and reads. Throws `SessionConflictError` when it was refused or ran out of attempts, and
 * `RedisUnknownOutcomeError` when reading does not show whether a write whose reply was lost took effect.
 *
 * Cost: 2 commands, 2 round trips; 1 of each more for a first conflict, 2 of each for every further one.
 */
export async function updateSession(context: SessionContext, update: SessionUpdate): Promise<UpdateResult> {
  const { kind, ref, writeId, expected, onConflict = "retry", attempts = 20 } = update;
  const { clock } = context;
  const key = context.keys.session(ref.id);
  let stored = await readSession(context, kind, ref);
  let losses = 0;
  let slides = 0;
  /**
   * A write whose reply was lost, and the revision it replaced. Stays unknown until a newer revision is read: a replica may be
   * behind.
   */
  let unknown: { error: RedisUnknownOutcomeError; revision: number } | undefined;

  /** Throws if more updates followed than the session remembers, since ours might be among the forgotten ones. */
  function settleUnknown(now: StoredSession): void {
    if (!unknown || !now.found || now.envelope.revision <= unknown.revision) return;
    const areForgotten = now.envelope.revision - unknown.revision > rememberedWrites;
    if (areForgotten && !now.envelope.writes.includes(writeId)) throw unknown.error;
    unknown = undefined;
  }

  for (let attempt = 1; ; attempt++) {
    if (!stored.found) return stored;
    const { text, envelope } = stored;
    if (envelope.writes.includes(writeId)) return { found: true, envelope, attempts: attempt };
    if (expected !== undefined && envelope.revision !== expected) {
      throw new SessionConflictError(kind, ref.id, envelope.revision, `revision ${expected} was expected.`);
    }
    const next = await update.next(envelope);
    if (!next) return gone;
    const px = next.expiresAt - clock.now();
    if (px <= 0) return gone;
    const value = encodeEnvelope(next);
    let current: string | null;
    const sentAt = clock.now();
    try {
      current = await compareAndSwap(context.redis(), { key, value, expected: text, px });
      if (current === text) return { found: true, envelope: next, attempts: attempt };
    } catch (error) {
      if (!(error instanceof RedisUnknownOutcomeError) || ++losses > maxLosses) throw error;
      unknown = { error, revision: envelope.revision };
      current = await readAfterLoss(context, key, error);
    }
    if (current === value) return { found: true, envelope: next, attempts: attempt };
    stored = decode(context, kind, ref.owner ?? "", current);
    settleUnknown(stored);
    // The same revision: a read slid the expiry, or the lost write did not run. That is no conflict.
    const isSame = stored.found && stored.envelope.revision === envelope.revision && ++slides <= maxSlides;
    if (isSame || !stored.found || stored.envelope.writes.includes(writeId)) continue;
    const { revision } = stored.envelope;
    if (onConflict === "refuse") {
      throw new SessionConflictError(kind, ref.id, revision, "another write changed it first. Read it again.");
    }
    if (attempt >= attempts) {
      throw new SessionConflictError(kind, ref.id, revision, `it changed during each of ${attempt} tries.`);
    }
    if (attempt > 1) {
      await clock.sleep(pauseMs(attempt, clock.now() - sentAt, clock.random()));
      // The rival's text is out of date after the pause.
      stored = decode(context, kind, ref.owner ?? "", await context.redis().get<string>(key));
      settleUnknown(stored);
    }
  }
}

// --- Internal helpers ---

/** Lost replies that one update makes up for. */
const maxLosses = 3;
/** Reads slide an expiry once in a quarter of its life: more slides than this within one update are no coincidence. */
const maxSlides = 5;

/** Returns the stored text after a lost reply. Throws the loss when reading fails too: the outcome stays unknown. */
async function readAfterLoss(
  context: SessionContext,
  key: string,
  lost: RedisUnknownOutcomeError,
): Promise<string | null> {
  try {
    return await context.redis().get<string>(key);
  } catch {
    throw lost;
  }
}

/**
 * Full jitter under a ceiling that triples from one round trip up to 2.5 seconds, so that n rivals fit into about n round
 * trips, however long those are.
 */
const pauseMs = (attempt: number, roundTripMs: number, random: number): number =>
  random * Math.min(Math.max(roundTripMs, 5) * 3 ** (attempt - 1), 2_500);
