import { type Clock, systemClock } from "../platform/index.ts";
import { confirmedEntry } from "./confirm.ts";
import type { CacheCommands, CacheContext } from "./context.ts";
import { CacheKindError } from "./errors.ts";
import type { CacheEvent, Hearing, Invalidation, InvalidationBus } from "./events.ts";
import { forgetTag } from "./forget.ts";
import { createKeys, everything, ownTag } from "./keys.ts";
import { type CacheKind, isKindName } from "./kind.ts";
import { type CacheState, invalidateLocally, markMissed } from "./l1.ts";
import { createNamespace, type Namespace } from "./namespace.ts";

export interface CacheOptions {
  /** The isolate's part: L1 and statistics. */
  state: CacheState;
  /** Returns the connection to Redis. Called when it is first needed. */
  redis(): CacheCommands;
  /** The beginning of every key. */
  prefix: string;
  /** Keeps the invocation alive for work that goes on after the answer. */
  waitUntil(work: Promise<unknown>): void;
  /** Default: reports nothing. */
  report?(event: CacheEvent): void;
  /** Publishes invalidations to other isolates. Default: they learn of them after `localMs`. */
  bus?: InvalidationBus;
  /**
   * Tells what other isolates invalidated. L1 serves an entry only if it was read, or everything since was heard, within
   * `boundMs`; else the read hears first. Default: L1 serves an entry for `localMs`, whatever others invalidate.
   */
  hearing?: Hearing;
  /** How long L1 may serve what another isolate invalidated, in milliseconds. Default: 5,000. */
  boundMs?: number;
  clock?: Clock;
  /** Returns a text that no other call returns, for claims. Default: a UUID. */
  createId?(): string;
}

/** Two levels and a fetcher, for one invocation. */
export interface Cache {
  /**
   * Returns the entries of a kind. Calls with the same kind share the reads that are under way in this invocation. Throws
   * `CacheKindError` for a second kind of the same name.
   *
   * @example
   * const weather = cacheKind<Weather>({ name: "weather", ttlMs: 600_000 }); // at module level
   *
   * const today = await cache.of(weather).get("oslo", () => fetchWeather("oslo"));
   *
   * Cost: 0 commands.
   */
  of<T>(kind: CacheKind<T>): Namespace<T>;
  /**
   * Forgets the entries of every kind that have a tag, such as all of a guild, in Redis and in every isolate.
   *
   * @example
   * await cache.invalidate(`guild:${guildId}`);
   *
   * Cost: 1 command, 1 round trip, and 1 command for the bus.
   */
  invalidate(tag: string): Promise<void>;
  /**
   * Forgets the tagged entries of a kind by its name, in Redis and in every isolate: `of(kind).clear()` for a caller without the
   * kind. Untagged entries live on.
   * Cost: 1 command, 1 round trip, and 1 command for the bus.
   */
  clearKind(name: string): Promise<void>;
  /** Forgets every tagged entry. Cost: 1 command, 1 round trip, and 1 command for the bus. */
  clear(): Promise<void>;
  /** Returns whether L1 can serve an entry without asking Redis. Cost: 0 commands. */
  isLocal(kind: CacheKind<unknown>, id: string): boolean;
  /** Applies an invalidation that another isolate published. Publishes nothing. Cost: 0 commands. */
  apply(invalidation: Invalidation): void;
  /**
   * Takes the news that invalidations before now were missed, or not heard yet: L1 serves what it has for `boundMs` after it was
   * read, and while Redis does not answer.
   * Cost: 0 commands.
   */
  missed(): void;
}

/** Makes the cache of one invocation. Cost: 0 commands. */
export function createCache({
  state,
  redis,
  prefix,
  waitUntil,
  report = () => {},
  bus,
  hearing,
  boundMs = 5_000,
  clock = systemClock,
  createId = () => crypto.randomUUID(),
}: CacheOptions): Cache {
  const keys = createKeys(prefix);
  const context: CacheContext = { state, keys, redis, clock, createId, waitUntil, report, bus, hearing, boundMs };
  const namespaces = new Map<string, { kind: CacheKind<unknown>; namespace: Namespace<unknown> }>();

  return {
    of<T>(kind: CacheKind<T>) {
      const known = namespaces.get(kind.name);
      if (known?.kind === kind) return known.namespace as Namespace<T>;
      if (known)
        throw new CacheKindError(kind.name, "is declared twice. Declare it once, at module level, and import it.");
      const namespace = createNamespace(context, kind);
      namespaces.set(kind.name, { kind, namespace });
      return namespace;
    },
    invalidate: (tag) => forgetTag(context, ownTag(tag)),
    async clearKind(name) {
      if (!isKindName(name)) throw new CacheKindError(name, "cannot name a kind.");
      await forgetTag(context, name);
    },
    clear: () => forgetTag(context, everything),
    isLocal: (kind, id) => confirmedEntry(context, keys.entry(kind.name, id)) !== undefined,
    apply({ names }) {
      for (const name of names) invalidateLocally(state, name);
    },
    missed: () => markMissed(state),
  };
}
