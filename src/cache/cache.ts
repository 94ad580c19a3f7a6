import type { RedisCommands } from "../redis/index.ts";
import type { Host } from "./context.ts";
import type { CacheEvent, Invalidation, InvalidationBus } from "./events.ts";
import { createKeys, everything } from "./keys.ts";
import { type CacheState, invalidateLocally, isValid } from "./l1.ts";
import { createNamespace, type Namespace, type NamespaceOptions } from "./namespace.ts";

export interface CacheOptions {
  /** The isolate's share: L1 and statistics. */
  state: CacheState;
  /** The door to Redis; asked for when first needed. */
  redis(): RedisCommands;
  /** Before every key. */
  prefix: string;
  /** Keeps the invocation alive for what nobody waits for. */
  waitUntil(work: Promise<unknown>): void;
  report?(event: CacheEvent): void;
  /** Tells the other isolates of invalidations. */
  bus?: InvalidationBus;
  now?(): number;
  random?(): number;
  sleep?(ms: number): Promise<void>;
  after?(ms: number, run: () => void): () => void;
  createId?(): string;
}

/** Two levels and a fetcher, for one invocation. */
export interface Cache {
  namespace<T>(options: NamespaceOptions<T>): Namespace<T>;
  /** Forgets every entry of any namespace that has this tag, such as a guild. 1 command in 1 round trip, and 1 for the bus. */
  invalidate(tag: string): Promise<void>;
  /** Forgets everything. 1/1, and 1 for the bus. */
  clear(): Promise<void>;
  /** Has L1 this entry, to be served without asking? 0 commands. */
  isLocal(namespace: string, id: string): boolean;
  /** Runs behind what is going on, and keeps the invocation alive for it. */
  later(work: () => void): void;
  /** Obeys an invalidation that another isolate published; publishes nothing. 0 commands. */
  apply(invalidation: Invalidation): void;
}

export function createCache({
  state,
  redis,
  prefix,
  waitUntil,
  report = () => {},
  bus,
  now = Date.now,
  random = Math.random,
  sleep = (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
  after = (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  createId = () => crypto.randomUUID(),
}: CacheOptions): Cache {
  const host: Host = {
    state,
    keys: createKeys(prefix),
    redis,
    now,
    random,
    sleep,
    after,
    createId,
    waitUntil,
    report,
    bus,
  };

  async function invalidate(tag: string): Promise<void> {
    await redis().incr(host.keys.generation(tag));
    invalidateLocally(state, tag);
    if (bus) waitUntil(bus.publish({ names: [tag] }));
  }

  return {
    namespace: (options) => createNamespace(host, options),
    invalidate,
    clear: () => invalidate(everything),
    isLocal(namespace, id) {
      const key = host.keys.entry(namespace, id);
      const entry = state.entries.get(key);
      return entry !== undefined && entry.localUntil > now() && isValid(state, key, entry);
    },
    later: (work) => waitUntil(Promise.resolve().then(work)),
    apply({ names }) {
      for (const name of names) invalidateLocally(state, name);
    },
  };
}
