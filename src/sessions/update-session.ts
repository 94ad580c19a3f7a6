import { compareAndSwap, RedisUnknownOutcomeError } from "../redis/index.ts";
import type { SessionHost } from "./context.ts";
import { type Envelope, rememberedWrites, writeEnvelope } from "./envelope.ts";
import { SessionConflictError } from "./errors.ts";
import { judge, type Look, look, type SessionRef } from "./read-session.ts";
import { gone, type NotFound } from "./session.ts";

export interface Rewriting {
  kind: string;
  ref: SessionRef;
  /** What shall stand there instead, or nothing to leave it; asked again with what stands there then, when somebody else was first. */
  next(envelope: Envelope): Envelope | Promise<Envelope | undefined>;
  /** Names this write: one that is among the last sixteen has taken effect already. */
  writeId: string;
  /** Only while the session stands at this revision. */
  expected?: number | undefined;
  /** `refuse`: a conflict is thrown instead of trying again. */
  onConflict: "retry" | "refuse";
  attempts: number;
}

/** How it went: what stands there now, and after how many tries. */
export type Rewritten = { found: true; envelope: Envelope; attempts: number } | NotFound;

/**
 * Compares and sets until it holds: 2 commands in 2 round trips, 1/1 more when somebody else was first, since the refusal says
 * what stands there now, and 2/2 and a pause for each time after that. Throws
 * `SessionConflictError` when refused or out of tries, and `RedisUnknownOutcomeError` only where a lost reply cannot be made
 * up for by looking.
 */
export async function rewrite(host: SessionHost, writing: Rewriting): Promise<Rewritten> {
  const { kind, ref, writeId, expected, onConflict, attempts } = writing;
  const key = host.keys.session(ref.id);
  let seen = await look(host, kind, ref);
  let losses = 0;
  let slides = 0;
  /** A write whose reply was lost, and from which revision it led on: until something newer is seen, nobody knows: a replica may be behind. */
  let unknown: { error: RedisUnknownOutcomeError; revision: number } | undefined;

  /** Throws where more updates than a session remembers came since then: mine may be among them. */
  function clear(now: Look): void {
    if (!unknown || !now.found || now.envelope.revision <= unknown.revision) return;
    const areForgotten = now.envelope.revision - unknown.revision > rememberedWrites;
    if (areForgotten && !now.envelope.writes.includes(writeId)) throw unknown.error;
    unknown = undefined;
  }

  for (let attempt = 1; ; attempt++) {
    if (!seen.found) return seen;
    const { text, envelope } = seen;
    if (envelope.writes.includes(writeId)) return { found: true, envelope, attempts: attempt };
    if (expected !== undefined && envelope.revision !== expected) {
      throw new SessionConflictError(kind, ref.id, envelope.revision, `revision ${expected} was expected.`);
    }
    const next = await writing.next(envelope);
    const px = next ? next.expiresAt - host.now() : 0;
    if (!next || px <= 0) return gone;
    const value = writeEnvelope(next);
    let standing: string | null;
    const sentAt = host.now();
    try {
      standing = await compareAndSwap(host.redis(), { key, value, expected: text, px });
      if (standing === text) return { found: true, envelope: next, attempts: attempt };
    } catch (error) {
      if (!(error instanceof RedisUnknownOutcomeError) || ++losses > maxLosses) throw error;
      unknown = { error, revision: envelope.revision };
      standing = await lookAfter(host, key, error);
    }
    if (standing === value) return { found: true, envelope: next, attempts: attempt };
    seen = judge(host, kind, ref.owner ?? "", standing);
    clear(seen);
    // A read slid its expiry, or nothing was written at all: nobody was first.
    const isSame = seen.found && seen.envelope.revision === envelope.revision && ++slides <= maxSlides;
    if (isSame || !seen.found || seen.envelope.writes.includes(writeId)) continue;
    const { revision } = seen.envelope;
    if (onConflict === "refuse") {
      throw new SessionConflictError(kind, ref.id, revision, "somebody else changed it. Read it again.");
    }
    if (attempt >= attempts) {
      throw new SessionConflictError(kind, ref.id, revision, `it changed during each of ${attempt} tries.`);
    }
    if (attempt > 1) {
      await host.sleep(pauseMs(attempt, host.now() - sentAt, host.random()));
      // What stood there before the pause is old by now.
      seen = judge(host, kind, ref.owner ?? "", await host.redis().get<string>(key));
      clear(seen);
    }
  }
}

// --- Internal helpers ---

/** Lost replies that are made up for within one update. */
const maxLosses = 3;
/** Reads slide an expiry once in a quarter of its life: more than these within one update are no coincidence. */
const maxSlides = 5;

/** What stands there once a reply was lost; where that cannot be seen either, the outcome stays unknown. */
async function lookAfter(host: SessionHost, key: string, lost: RedisUnknownOutcomeError): Promise<string | null> {
  try {
    return await host.redis().get<string>(key);
  } catch {
    throw lost;
  }
}

/**
 * Full jitter under a ceiling that triples, from one round trip on up to two and a half seconds: a crowd of n fits into n round trips,
 * however long those are at the moment.
 */
const pauseMs = (attempt: number, roundTripMs: number, random: number): number =>
  random * Math.min(Math.max(roundTripMs, 5) * 3 ** (attempt - 1), 2_500);
