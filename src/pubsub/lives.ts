import type { PubsubContext } from "./context.ts";

// How long the keys of pubsub outlive their last use, in milliseconds. None lives without expiry.

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** An idempotency record. */
export const onceMs = dayMs;
/** A named subscriber's cursor. */
export const cursorMs = 30 * dayMs;
/** A group's dead letters. */
export const deadLettersMs = 30 * dayMs;
/** A cursor that is only read is given its life anew this often. */
export const renewCursorMs = dayMs;

/** An isolate extends the life of a bus this often: the last message outlives it by at least `retentionMs` and an hour. */
const extendMs = hourMs;
const marginMs = 2 * hourMs;
/** A request that extends it has ended by then, or is lost. */
const tryMs = 2_000;

/**
 * Extends the life of the bus. Returns whether it did: not when Redis has no such stream yet. A failure counts as not.
 * Cost: 1 command, 1 round trip.
 */
export async function extendBus({ exec, keys, state, clock, retentionMs }: PubsubContext): Promise<boolean> {
  const now = clock.now();
  state.extendAt.set(keys.stream, now + tryMs);
  const isExtended = (await exec<number>("PEXPIRE", keys.stream, retentionMs + marginMs).catch(() => 0)) === 1;
  state.extendAt.set(keys.stream, isExtended ? now + extendMs : 0);
  return isExtended;
}

/** Extends the life of the bus if this isolate has not for an hour. Cost: as `extendBus`; 0 when it has. */
export const keepBus = async (context: PubsubContext): Promise<boolean> => {
  const isDue = context.clock.now() >= (context.state.extendAt.get(context.keys.stream) ?? 0);
  return isDue ? extendBus(context) : true;
};
