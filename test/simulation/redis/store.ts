/** A key's value, and when it ends (epoch milliseconds; infinite for never). */
export type Value =
  | { type: "string"; text: string; endsAt: number }
  | { type: "hash"; fields: Map<string, { text: string; endsAt: number }>; endsAt: number }
  | { type: "zset"; scores: Map<string, number>; endsAt: number }
  | { type: "list"; items: string[]; endsAt: number }
  | {
      type: "stream";
      entries: StreamEntry[];
      lastId: string;
      /** All that were ever in it. */
      added: number;
      groups: Map<string, { lastId: string; pending: Map<string, Pending> }>;
      endsAt: number;
    };

export interface StreamEntry {
  id: string;
  /** Names and values in turn. */
  fields: readonly string[];
}

/** Delivered to somebody, and not acknowledged. */
export interface Pending {
  consumer: string;
  at: number;
  count: number;
}

type Of<T extends Value["type"]> = Extract<Value, { type: T }>;

/** A reply as RESP2 has it; `status` is a simple string such as OK. */
export type Reply = null | number | string | { status: string } | Reply[];

/** Redis's own words for what it refuses. */
export class Refusal extends Error {}

export const never = Number.POSITIVE_INFINITY;

/** Keys and values at one time. */
export interface Store {
  readonly values: Map<string, Value>;
  now: number;
  /** What stands at a key, if it has not ended; refuses another type. */
  find<T extends Value["type"]>(key: string, type: T): Of<T> | undefined;
  /** The same, of whatever type. */
  any(key: string): Value | undefined;
  /** Takes away a value that has become empty. */
  tidy(key: string): void;
}

export function createStore(values = new Map<string, Value>()): Store {
  const store: Store = {
    values,
    now: 0,
    any(key) {
      const value = values.get(key);
      if (!value) return undefined;
      if (value.type === "hash") {
        for (const [field, { endsAt }] of value.fields) if (endsAt <= store.now) value.fields.delete(field);
        if (value.fields.size === 0) value.endsAt = 0;
      }
      if (value.endsAt > store.now) return value;
      values.delete(key);
      return undefined;
    },
    find<T extends Value["type"]>(key: string, type: T) {
      const value = store.any(key);
      if (!value) return undefined;
      if (value.type !== type) {
        throw new Refusal("WRONGTYPE Operation against a key holding the wrong kind of value");
      }
      return value as Of<T>;
    },
    tidy(key) {
      const value = values.get(key);
      const size =
        value?.type === "hash"
          ? value.fields.size
          : value?.type === "zset"
            ? value.scores.size
            : value?.type === "list"
              ? value.items.length
              : 1;
      if (size === 0) values.delete(key);
    },
  };
  return store;
}
