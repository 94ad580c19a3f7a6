import { confirmedEntry } from "./confirm.ts";
import { createEnvelope, type Envelope } from "./envelope.ts";
import type { KindContext } from "./kind-context.ts";
import { isValid } from "./l1.ts";

/** A value to keep, and the circumstances of its fetch. */
export interface Fetched<T> {
  value: T | undefined;
  /** When the fetch began: the value is as old as that. */
  storedAt: number;
  /** How long it took. Default: 0, for a value that was at hand. */
  fetchMs?: number;
  /** The generations of its tags, and the isolate's count of invalidations, when the fetch began. */
  generations: string;
  sequence: number;
}

/** Puts a value into L1, and returns the envelope for L2. Throws what the serializer throws. Cost: 0 commands. */
export function keep<T>(
  context: KindContext<T>,
  key: string,
  tags: readonly string[],
  fetched: Fetched<T>,
): Envelope<T> {
  const envelope = wrap(context, fetched);
  keepLocally(context, key, tags, envelope, { sequence: fetched.sequence, readAt: fetched.storedAt });
  return envelope;
}

/** Returns a value in an envelope with its times. Throws what the serializer throws. Cost: 0 commands. */
export function wrap<T>(
  { kind, clock }: KindContext<T>,
  { value, storedAt, fetchMs = 0, generations }: Omit<Fetched<T>, "sequence">,
): Envelope<T> {
  const lifeMs = value === undefined ? kind.absentMs : kind.ttlMs;
  const freshUntil = storedAt + Math.round(lifeMs * (1 + kind.jitter * (2 * clock.random() - 1)));
  const serveUntil = freshUntil + (value === undefined ? 0 : kind.graceMs);
  return createEnvelope({ value, storedAt, freshUntil, serveUntil, fetchMs, generations }, kind.serializer);
}

/**
 * Puts an envelope into L1, for as long as it may be served without asking Redis, unless its key or a tag was invalidated since
 * `sequence`, or L1 serves a newer value.
 * Cost: 0 commands.
 */
export function keepLocally<T>(
  context: KindContext<T>,
  key: string,
  tags: readonly string[],
  { text, value, copy, storedAt, freshUntil, serveUntil }: Envelope<T>,
  { sequence, readAt }: { sequence: number; readAt: number },
): void {
  const { state, kind } = context;
  if (!isValid(state, key, { sequence, tags })) return;
  const known = confirmedEntry(context, key);
  if (known && known.storedAt > storedAt) return;
  const isFresh = readAt < freshUntil;
  const localUntil = isFresh
    ? Math.min(readAt + kind.localMs, freshUntil)
    : Math.min(readAt + Math.min(kind.localMs, staleLocalMs), serveUntil);
  const times = { storedAt, readAt, freshUntil, serveUntil, localUntil };
  state.entries.set(key, { value, ...times, tags, sequence, ...(copy && { copy }) }, text.length);
}

// --- Internal helpers ---

/** How long L1 serves a value in its grace before it asks Redis for a newer one. */
const staleLocalMs = 1_000;
