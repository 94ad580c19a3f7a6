import { createMemory, type Memory } from "./memory.ts";
import type { Pace } from "./pace.ts";

/** A position on the bus. */
export interface Cursor {
  /** The last entry that was handled. */
  readonly id: string;
  /**
   * Its number, counted from the first entry ever added; undefined when not known. Tells how many entries were missed.
   */
  readonly ordinal: number | undefined;
}

/** How far the handlers of one kind of invocation have come in this isolate. */
export interface ListenerState {
  /** Undefined until the first poll. */
  cursor?: Cursor;
  readonly memory: Memory;
  /** When the bus was last polled. */
  polledAt: number;
  /** An invocation runs handlers until then at the latest. Others leave the page to it. */
  deliveringUntil: number;
  /** From published to delivered, of the last message, in milliseconds. */
  lagMs: number;
  /** The last poll did not reach the end of the bus. */
  hasMore: boolean;
}

export interface SubscriberState {
  /** The cursor as stored in Redis, as far as known. */
  text?: string;
}

export interface GroupState {
  /** Handled, and not acknowledged yet. */
  readonly done: Set<string>;
  /** Read by this isolate, neither acknowledged nor dead, with the time of reading. */
  readonly pending: Map<string, number>;
  readonly memory: Memory;
  /** When stale messages were last claimed. */
  claimedAt: number;
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

/** The duty's pace: a cron tick continues where the last one stopped. */
export interface PacingState {
  pace?: Pace;
  /** When the duty polls next. */
  nextAt: number;
  /** When the bus was last seen to have moved, or was first polled. */
  movedAt?: number;
  /** By follower, where the bus ended when it had read everything. */
  readonly readUpTo: Map<string, string>;
}

/** The isolate's part of pubsub: plain data, shared by all its invocations. */
export interface PubsubState {
  readonly listeners: Map<string, ListenerState>;
  readonly subscribers: Map<string, SubscriberState>;
  readonly groups: Map<string, GroupState>;
  readonly counters: PubsubCounters;
  readonly pacing: PacingState;
}

export const createPubsubState = (): PubsubState => ({
  listeners: new Map(),
  subscribers: new Map(),
  groups: new Map(),
  counters: { published: 0, delivered: 0, failed: 0, duplicates: 0, polls: 0, gaps: 0, missed: 0, deadLetters: 0 },
  pacing: { nextAt: 0, readUpTo: new Map() },
});

export const listenerOf = ({ listeners }: PubsubState, name: string, memorySize: number): ListenerState =>
  getOrCreate(listeners, name, () => ({
    memory: createMemory(memorySize),
    polledAt: 0,
    deliveringUntil: 0,
    lagMs: 0,
    hasMore: false,
  }));

export const subscriberOf = ({ subscribers }: PubsubState, name: string): SubscriberState =>
  getOrCreate(subscribers, name, () => ({}));

export const groupOf = ({ groups }: PubsubState, name: string, memorySize: number): GroupState =>
  getOrCreate(groups, name, () => ({
    done: new Set(),
    pending: new Map(),
    memory: createMemory(memorySize),
    claimedAt: 0,
  }));

// --- Internal helpers ---

function getOrCreate<T>(map: Map<string, T>, name: string, create: () => T): T {
  const known = map.get(name);
  if (known) return known;
  const made = create();
  map.set(name, made);
  return made;
}
