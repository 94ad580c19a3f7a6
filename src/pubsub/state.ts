import { createMemory, type Memory } from "./memory.ts";
import type { Pace } from "./pace.ts";

/** A place on the bus. */
export interface Cursor {
  /** The last entry that is done with. */
  readonly id: string;
  /** Which one it is, counted from the first ever added; undefined when not known. What was missed is told by it. */
  readonly ordinal: number | undefined;
}

/** How far the handlers of one kind of invocation have come in this isolate. */
export interface ListenerState {
  cursor?: Cursor;
  readonly memory: Memory;
  /** When the bus was asked last. */
  polledAt: number;
  /** An invocation is running handlers until then, at the latest: the others leave it to it. */
  deliveringUntil: number;
  /** Time from published to delivered, of the last message. */
  lagMs: number;
  /** The last poll left something for the next. */
  hasMore: boolean;
}

export interface SubscriberState {
  /** The cursor as it stands in Redis, as far as known. */
  text?: string;
}

export interface GroupState {
  /** Done, and not acknowledged yet. */
  readonly done: Set<string>;
  /** Read by this isolate, neither acknowledged nor dead, and when. */
  readonly pending: Map<string, number>;
  readonly memory: Memory;
  /** When the abandoned were looked for last. */
  claimedAt: number;
}

/** Since the isolate started. */
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

/** A cron tick goes on where the last one stopped. */
export interface PumpState {
  pace?: Pace;
  nextAt: number;
  /** When the bus was last seen to have moved, or was first looked at. */
  movedAt?: number;
  runningUntil: number;
  /** Where the bus ended when a follower had read everything. */
  readonly readUpTo: Map<string, string>;
}

/** What outlives an invocation, as plain data: it belongs to the isolate and is shared by all its invocations. */
export interface PubsubState {
  readonly listeners: Map<string, ListenerState>;
  readonly subscribers: Map<string, SubscriberState>;
  readonly groups: Map<string, GroupState>;
  readonly counters: PubsubCounters;
  readonly pump: PumpState;
  /** Commands sent. */
  commands: number;
}

export const createPubsubState = (): PubsubState => ({
  listeners: new Map(),
  subscribers: new Map(),
  groups: new Map(),
  counters: { published: 0, delivered: 0, failed: 0, duplicates: 0, polls: 0, gaps: 0, missed: 0, deadLetters: 0 },
  pump: { nextAt: 0, runningUntil: 0, readUpTo: new Map() },
  commands: 0,
});

export const listenerOf = ({ listeners }: PubsubState, name: string, memorySize: number): ListenerState =>
  orMake(listeners, name, () => ({
    memory: createMemory(memorySize),
    polledAt: 0,
    deliveringUntil: 0,
    lagMs: 0,
    hasMore: false,
  }));

export const subscriberOf = ({ subscribers }: PubsubState, name: string): SubscriberState =>
  orMake(subscribers, name, () => ({}));

export const groupOf = ({ groups }: PubsubState, name: string, memorySize: number): GroupState =>
  orMake(groups, name, () => ({ done: new Set(), pending: new Map(), memory: createMemory(memorySize), claimedAt: 0 }));

// --- Internal helpers ---

function orMake<T>(map: Map<string, T>, name: string, make: () => T): T {
  const known = map.get(name);
  if (known) return known;
  const made = make();
  map.set(name, made);
  return made;
}
