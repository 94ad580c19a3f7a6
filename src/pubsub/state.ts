import { createMemory, type Memory } from "./memory.ts";

/** A position on the bus. */
export interface Cursor {
  /** The last entry that was handled. */
  readonly id: string;
  /**
   * Its number, counted from the first entry ever added; undefined when not known. Tells how many entries were missed.
   */
  readonly ordinal: number | undefined;
  /** Its entry is known to be gone, and what was lost with it was reported. Default: false. */
  readonly isGone?: boolean;
}

/** A place on the bus. Plain data. */
export interface Place {
  /** Undefined until the first poll. */
  cursor?: Cursor;
  readonly memory: Memory;
  /** When the bus was last polled for it. */
  polledAt: number;
}

/** The isolate's own place, which any of its invocations moves on. */
export interface IsolatePlace extends Place {
  /** Everything published before this time (epoch milliseconds) has reached the isolate's handlers, or was missed. 0 at first. */
  heardUntil: number;
  /** The last poll did not reach the end of the bus. */
  hasMore: boolean;
}

export interface SubscriberState {
  /** The cursor as stored in Redis, as far as known. */
  text?: string;
  /** When its life was last renewed. */
  renewedAt: number;
}

export interface GroupState {
  /** Handled, and not acknowledged yet. */
  readonly done: Set<string>;
  /** Read by this isolate, neither acknowledged nor dead, with the time of reading. */
  readonly pending: Map<string, number>;
  readonly memory: Memory;
}

/** Counts since the isolate started. */
export interface PubsubCounters {
  published: number;
  /** Messages that reached at least one handler. */
  delivered: number;
  /** Handlers that threw. */
  failed: number;
  duplicates: number;
  polls: number;
  gaps: number;
  missed: number;
  deadLetters: number;
}

/** The isolate's part of pubsub: plain data, shared by all its invocations. */
export interface PubsubState {
  /** When the isolate next extends the life of a bus, by the key of its stream. */
  readonly extendAt: Map<string, number>;
  /** By bus. */
  readonly places: Map<string, IsolatePlace>;
  readonly subscribers: Map<string, SubscriberState>;
  readonly groups: Map<string, GroupState>;
  readonly counters: PubsubCounters;
  /** From published to delivered, of the last message, in milliseconds. */
  lagMs: number;
}

export const createPubsubState = (): PubsubState => ({
  extendAt: new Map(),
  places: new Map(),
  subscribers: new Map(),
  groups: new Map(),
  counters: { published: 0, delivered: 0, failed: 0, duplicates: 0, polls: 0, gaps: 0, missed: 0, deadLetters: 0 },
  lagMs: 0,
});

/**
 * Returns the time up to which an isolate has heard the bus, in epoch milliseconds: everything published before has reached its
 * handlers, or was missed. 0 before its first poll.
 */
export const heardUntil = ({ places }: PubsubState, bus = "main"): number => places.get(bus)?.heardUntil ?? 0;

export const createPlace = (memorySize: number): Place => ({ memory: createMemory(memorySize), polledAt: 0 });

export const isolatePlaceOf = ({ places }: PubsubState, bus: string, memorySize: number): IsolatePlace =>
  getOrCreate(places, bus, () => ({
    ...createPlace(memorySize),
    heardUntil: 0,
    hasMore: false,
  }));

export const subscriberOf = ({ subscribers }: PubsubState, name: string): SubscriberState =>
  getOrCreate(subscribers, name, () => ({ renewedAt: 0 }));

export const groupOf = ({ groups }: PubsubState, name: string, memorySize: number): GroupState =>
  getOrCreate(groups, name, () => ({ done: new Set(), pending: new Map(), memory: createMemory(memorySize) }));

// --- Internal helpers ---

function getOrCreate<T>(map: Map<string, T>, name: string, create: () => T): T {
  const known = map.get(name);
  if (known) return known;
  const made = create();
  map.set(name, made);
  return made;
}
