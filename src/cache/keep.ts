import { createEnvelope, type Envelope } from "./envelope.ts";
import type { KindContext } from "./kind-context.ts";

/** A value to keep, and the circumstances of its fetch. */
export interface Fetched<T> {
  value: T | undefined;
  /** When the fetch began: the value is as old as that. */
  storedAt: number;
  fetchMs: number;
  /** The generations of its tags, and the isolate's count of invalidations, when the fetch began. */
  generations: string;
  sequence: number;
}

/** Puts a value into L1, and returns the envelope for L2. Throws what the serializer throws. Cost: 0 commands. */
export function keep<T>(
  context: KindContext<T>,
  key: string,
  tags: readonly string[],
  { value, storedAt, fetchMs, generations, sequence }: Fetched<T>,
): Envelope<T> {
  const { kind, clock } = context;
  const lifeMs = value === undefined ? kind.absentMs : kind.ttlMs;
  const freshUntil = storedAt + Math.round(lifeMs * (1 + kind.jitter * (2 * clock.random() - 1)));
  const serveUntil = freshUntil + (value === undefined ? 0 : kind.graceMs);
  const envelope = createEnvelope({ value, storedAt, freshUntil, serveUntil, fetchMs, generations }, kind.serializer);
  keepLocally(context, key, tags, envelope, { sequence, readAt: storedAt });
  return envelope;
}

/** Puts an envelope into L1, for as long as it may be served without asking Redis. Cost: 0 commands. */
export function keepLocally<T>(
  { state, kind }: KindContext<T>,
  key: string,
  tags: readonly string[],
  { text, value, storedAt, freshUntil, serveUntil, fetchMs }: Envelope<T>,
  { sequence, readAt }: { sequence: number; readAt: number },
): void {
  const isFresh = readAt < freshUntil;
  const localUntil = isFresh
    ? Math.min(readAt + kind.localMs, freshUntil)
    : Math.min(readAt + Math.min(kind.localMs, staleLocalMs), serveUntil);
  const entry = { value, storedAt, freshUntil, serveUntil, fetchMs, localUntil, tags, sequence };
  state.entries.set(key, entry, text.length);
}

// --- Internal helpers ---

/** How long L1 serves a value in its grace before it asks Redis for a newer one. */
const staleLocalMs = 1_000;
