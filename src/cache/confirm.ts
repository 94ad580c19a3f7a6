import { RedisError, RedisReplyError } from "../redis/index.ts";
import type { CacheContext } from "./context.ts";
import { type LocalEntry, localEntry } from "./l1.ts";

/**
 * Returns the entry that L1 may serve without asking Redis. Within the last `boundMs` it was read, or every invalidation since
 * it was read has been heard.
 * Cost: 0 commands.
 */
export function confirmedEntry(context: CacheContext, key: string): LocalEntry | undefined {
  const now = context.clock.now();
  const entry = localEntry(context.state, key, now);
  return entry && isConfirmed(context, entry, now) ? entry : undefined;
}

/** Redis did not answer. */
export interface Failed {
  error: unknown;
}

/**
 * Hears the invalidations of other isolates if L1 has an entry that it could then serve. Resolves with the error when Redis does
 * not answer. Returns `undefined` when there is nothing to hear. Any other failure is reported, and confirms nothing.
 * Cost: 1 command, 1 round trip; 0 for `undefined`.
 */
export function confirm(context: ConfirmContext, keys: readonly string[]): Promise<Failed | undefined> | undefined {
  const { hearing, state, clock } = context;
  if (!hearing) return undefined;
  const now = clock.now();
  const hasHeard = Number.isFinite(state.missed);
  const canBeConfirmed = (key: string): boolean => {
    const entry = localEntry(state, key, now);
    if (!entry || isConfirmed(context, entry, now)) return false;
    // An entry from before the miss is read again, and the new one can be confirmed if the isolate hears by then.
    return entry.sequence >= state.missed || !hasHeard;
  };
  if (!keys.some(canBeConfirmed)) return undefined;
  return hearing.hear().then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof RedisError && !(error instanceof RedisReplyError)) return { error };
      context.report({ type: "redis-failed", namespace: context.kind.name, error });
      return undefined;
    },
  );
}

// --- Internal helpers ---

/** The part of a kind's context that is used. */
interface ConfirmContext extends CacheContext {
  kind: { name: string };
}

function isConfirmed(
  { hearing, boundMs, state }: CacheContext,
  { readAt, sequence }: LocalEntry,
  now: number,
): boolean {
  if (!hearing || now - readAt < boundMs) return true;
  return sequence >= state.missed && now - hearing.heardUntil() < boundMs;
}
