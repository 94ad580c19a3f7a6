import { type BoundedMap, createBoundedMap } from "../platform/index.ts";
import type { CacheStats } from "./stats.ts";

/** The part of the cache that lives as long as the isolate, as plain data. All caches of the isolate share it. */
export interface CacheState {
  /** L1, bounded by entries and by bytes of the serialised values. */
  readonly entries: BoundedMap<LocalEntry>;
  readonly stats: Map<string, CacheStats>;
  /** Counts the invalidations that this isolate knows of, and the times that it missed some. */
  sequence: number;
  /** The sequence number of the last time that it missed some; infinite before it heard any. */
  missed: number;
  /** The sequence number of the last invalidation of each tag or key. */
  readonly invalidated: Map<string, number>;
  /** Reads that began before this sequence number are invalid, whatever they read. */
  floor: number;
  /**
   * The keys that an invocation of this isolate is loading, each with the time at which others stop waiting for it: an
   * invocation that dies cannot take its own out.
   */
  readonly loading: Map<string, { endsBy: number }>;
  /**
   * The fetches that run while Redis does not answer, each with the time at which it has ended at the latest: an invocation that
   * dies cannot take its own out.
   */
  readonly unclaimed: Set<{ endsBy: number }>;
}

/** An entry of L1. Times are epoch milliseconds. */
export interface LocalEntry {
  value: unknown;
  /** Returns a copy for each reader, where freezing does not protect the value. */
  copy?: () => unknown;
  storedAt: number;
  /** When the read began that brought it into L1: the value was current then. */
  readAt: number;
  freshUntil: number;
  serveUntil: number;
  /** L1 serves the entry until then without asking Redis. */
  localUntil: number;
  tags: readonly string[];
  /** The isolate's count of invalidations when the entry's read began: later ones of its tags make it invalid. */
  sequence: number;
}

export interface CacheStateOptions {
  /** Default: 5,000. */
  maxEntries?: number;
  /** Default: 16 MiB. */
  maxBytes?: number;
}

export const createCacheState = ({
  maxEntries = 5_000,
  maxBytes = 16 * 1024 * 1024,
}: CacheStateOptions = {}): CacheState => ({
  entries: createBoundedMap({ maxEntries, maxWeight: maxBytes }),
  stats: new Map(),
  sequence: 0,
  missed: Number.POSITIVE_INFINITY,
  invalidated: new Map(),
  floor: 0,
  loading: new Map(),
  unclaimed: new Set(),
});

/** Returns the entry that L1 may serve, as far as this isolate has heard of invalidations. Cost: 0 commands. */
export function localEntry(state: CacheState, key: string, now: number): LocalEntry | undefined {
  const entry = state.entries.get(key);
  return entry && entry.localUntil > now && isValid(state, key, entry) ? entry : undefined;
}

/** Returns the entry that L1 may serve while Redis does not answer. Cost: 0 commands. */
export function graceEntry(state: CacheState, key: string, now: number): LocalEntry | undefined {
  const entry = state.entries.get(key);
  return entry && entry.serveUntil > now && isValid(state, key, entry) ? entry : undefined;
}

/** Makes L1 stop serving the entries with this tag, or at this key, that were read before now. */
export function invalidateLocally(state: CacheState, tagOrKey: string): void {
  state.sequence += 1;
  if (state.invalidated.size >= maxInvalidated) {
    // Too many to tell apart: everything read so far goes.
    state.entries.clear();
    state.invalidated.clear();
    state.floor = state.sequence;
  }
  state.invalidated.set(tagOrKey, state.sequence);
}

/** Notes that invalidations before now were missed: no entry that was read before is known to be valid. */
export function markMissed(state: CacheState): void {
  state.sequence += 1;
  state.missed = state.sequence;
}

/** Returns whether an entry was read after the last invalidation of its key and of each of its tags. */
export function isValid(
  state: CacheState,
  key: string,
  { sequence, tags }: Pick<LocalEntry, "sequence" | "tags">,
): boolean {
  if (sequence === state.sequence) return true;
  if (sequence < state.floor) return false;
  const isOlder = (name: string) => (state.invalidated.get(name) ?? 0) > sequence;
  return !isOlder(key) && !tags.some(isOlder);
}

/** Returns whether an entry that was read at `sequence` is valid, and no invalidation since then was missed. */
export const isUntouched = (state: CacheState, key: string, entry: Pick<LocalEntry, "sequence" | "tags">): boolean =>
  isValid(state, key, entry) && !(Number.isFinite(state.missed) && state.missed > entry.sequence);

// --- Internal helpers ---

const maxInvalidated = 10_000;
