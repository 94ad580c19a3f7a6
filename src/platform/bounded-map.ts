/** A map of bounded size: it forgets the entries that were used longest ago. Plain data that outlives an invocation. */
export interface BoundedMap<Value> {
  readonly size: number;
  /** Returns the value, which is then the one used last. */
  get(key: string): Value | undefined;
  /** Sets a value, which is then the one used last. One that weighs more than all may weigh together is not kept. */
  set(key: string, value: Value, weight: number): void;
  delete(key: string): void;
  clear(): void;
  /** Returns the keys and values, from the one used longest ago to the one used last. Entries may be deleted meanwhile. */
  entries(): Iterable<[key: string, value: Value]>;
}

export interface BoundedMapOptions {
  maxEntries: number;
  /** The most that all values may weigh together, in the unit of `set`. */
  maxWeight: number;
}

/**
 * Makes an empty map. `lru-cache` would do as well, but weighs 19 kB and looks for `process`, for which a new isolate loads
 * Node's module: 4 ms of its first answer.
 */
export function createBoundedMap<Value>({ maxEntries, maxWeight }: BoundedMapOptions): BoundedMap<Value> {
  // A Map keeps the order in which keys were added: the first is the one used longest ago.
  const held = new Map<string, { value: Value; weight: number }>();
  let total = 0;
  /** A key that is read again and again stays where it is. */
  let newest: string | undefined;

  function remove(key: string): void {
    total -= held.get(key)?.weight ?? 0;
    held.delete(key);
  }

  return {
    get size() {
      return held.size;
    },
    get(key) {
      const entry = held.get(key);
      if (entry && key !== newest) {
        held.delete(key);
        held.set(key, entry);
        newest = key;
      }
      return entry?.value;
    },
    set(key, value, weight) {
      remove(key);
      if (weight > maxWeight) return;
      held.set(key, { value, weight });
      total += weight;
      newest = key;
      for (const oldest of held.keys()) {
        if (held.size <= maxEntries && total <= maxWeight) break;
        remove(oldest);
      }
    },
    delete: remove,
    clear() {
      held.clear();
      total = 0;
    },
    *entries() {
      for (const [key, { value }] of held) yield [key, value];
    },
  };
}
