// Over 200 lines, of which a third is the contract: reading, running and acknowledging share one state.
import { RedisReplyError } from "../redis/index.ts";
import { type Abandoned, takeOver } from "./claim-stale.ts";
import type { PubsubContext } from "./context.ts";
import { bury, type DeadLetter, listDeadLetters, removeDeadLetters } from "./dead-letters.ts";
import type { Reader } from "./events.ts";
import { createHandlers, type Handler } from "./handlers.ts";
import { inLanes } from "./lanes.ts";
import type { PollResult } from "./listener.ts";
import { isRemembered, remember } from "./memory.ts";
import { type Entry, type Message, type RawEntry, readEntry } from "./message.ts";
import { groupOf } from "./state.ts";

export interface GroupOptions {
  /** Deliveries of a message before it goes to the dead letters. */
  maxDeliveries?: number;
  /**
   * A message that was read and not acknowledged for so long is given to another worker: its worker failed or died. A page has
   * to be done within it.
   */
  retryMs?: number;
  /** Messages of one read; 100 at most. */
  pageSize?: number;
  /** Channels whose handlers run side by side. Those of one channel run one after another. */
  concurrency?: number;
  /** Where a group begins that Redis knows nothing of: at the oldest message left, or at what is published from now on. */
  from?: "oldest" | "now";
}

/**
 * Workers that share the messages of the bus: each is handled by one of them, at least once, and acknowledged when none of its
 * handlers threw. Every worker of a group registers the same handlers: what none of them wants is acknowledged unread.
 *
 * Not guaranteed: order across workers, or of a message that is tried again. A message published twice is handled once by one
 * isolate (`memorySize`), not by two. What is trimmed before any worker read it is lost unnoticed; what is trimmed while it
 * waits to be tried again is reported as a gap.
 */
export interface Group {
  readonly name: string;
  readonly reader: Reader;
  subscribe<T>(pattern: string, handler: Handler<T>): () => void;
  /**
   * Reads one page, runs the handlers, and acknowledges the page before: 2 commands in 1 round trip, 1/1 when there is none.
   * The first of all makes the group (2/2 more).
   */
  poll(): Promise<PollResult>;
  /** Acknowledges what is done. 1 command in 1 round trip, 0 when there is nothing. */
  flush(): Promise<void>;
  /**
   * Polls until nothing is left, 20 pages at most, and acknowledges all of it: for what was just published, so that it does not
   * wait for the next cron tick. 2/1 for each page, and 1/1.
   */
  drain(): Promise<void>;
  /**
   * Takes over what failed or was abandoned: 1 command in 1 round trip when there is none, else 1 more and the acknowledgement,
   * and 2 for each message that is given up. One worker is to do this: the pump does.
   */
  claim(): Promise<PollResult>;
  /**
   * When the abandoned are worth looking for again, in epoch milliseconds: after `retryMs` while something waits to be tried
   * again here, after twice that while the bus is in use, and after ten times that when it has long been quiet.
   */
  claimDueAt(): number;
  deadLetters(options?: { count?: number; after?: string }): Promise<DeadLetter[]>;
  /**
   * Runs this group's handlers with dead letters, all or those named, and forgets those that none threw at. 1 command in 1 round
   * trip, and 1/1 more. At least once.
   */
  replay(options?: { count?: number; ids?: readonly string[] }): Promise<{ replayed: number; failed: number }>;
  /** Forgets dead letters for good. 1/1. */
  discard(ids: readonly string[]): Promise<number>;
}

/** A few names for all isolates, since consumers stay in Redis for good. */
const consumers = 8;

/** Once nothing came for so many times `retryMs`, the abandoned are looked for as seldom. */
const quietTimes = 10;

/** Of one `drain`. */
const maxPages = 20;

/** Upstash refuses reads to a consumer with 1,000 messages pending: past this many none are read until some are done. */
const maxPending = 500;

export function createGroup(
  context: PubsubContext,
  name: string,
  {
    maxDeliveries = 5,
    retryMs = 60_000,
    pageSize = context.pageSize,
    concurrency = 4,
    from = "oldest",
  }: GroupOptions = {},
): Group {
  const handlers = createHandlers(context);
  const state = groupOf(context.state, context.keys.deadLetters(name), context.memorySize);
  const { stream } = context.keys;
  const reader = `group ${name}` as const;
  const consumer = `w${Array.from(context.source).reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % consumers}`;
  const count = Math.min(100, pageSize);

  const acknowledge = (ids: readonly string[]) => context.exec<number>("XACK", stream, name, ...ids);

  function acknowledged(ids: readonly string[]): void {
    for (const id of ids) {
      state.done.delete(id);
      state.pending.delete(id);
    }
  }

  async function flush(): Promise<void> {
    const ids = [...state.done];
    if (ids.length === 0) return;
    await acknowledge(ids);
    acknowledged(ids);
  }

  const read = () =>
    context.exec<[string, RawEntry[]][] | null>(
      "XREADGROUP",
      "GROUP",
      name,
      consumer,
      "COUNT",
      count,
      "STREAMS",
      stream,
      ">",
    );

  async function create(): Promise<void> {
    try {
      await context.exec("XGROUP", "CREATE", stream, name, from === "oldest" ? "0" : "$", "MKSTREAM");
    } catch (error) {
      if (!isReply(error, "BUSYGROUP")) throw error;
    }
  }

  async function readPage(): Promise<Entry[]> {
    const ids = [...state.done];
    // Both leave in one request; a second acknowledgement of the same does nothing.
    const [reading, acknowledging] = await Promise.allSettled([read(), ids.length === 0 ? 0 : acknowledge(ids)]);
    if (acknowledging.status === "fulfilled") acknowledged(ids);
    if (reading.status === "rejected") {
      if (!isReply(reading.reason, "NOGROUP")) throw reading.reason;
      await create();
      return entriesOf(await read());
    }
    return entriesOf(reading.value);
  }

  async function handle(message: Message, deliveries: number): Promise<boolean> {
    if (isRemembered(state.memory, message.id)) {
      context.state.counters.duplicates += 1;
      state.done.add(message.streamId);
      return false;
    }
    const failures = await handlers.run(message, reader);
    if (failures.length === 0) {
      remember(state.memory, message.id);
      state.done.add(message.streamId);
    } else if (deliveries >= maxDeliveries) {
      await giveUp(message, deliveries, failures[0]);
    }
    return true;
  }

  async function giveUp(message: Message, deliveries: number, error: unknown): Promise<void> {
    await bury(context, name, { message, deliveries, reason: error instanceof Error ? error.message : String(error) });
    state.pending.delete(message.streamId);
    context.state.counters.deadLetters += 1;
    context.report({ type: "dead-letter", group: name, message, deliveries, error });
  }

  /** Those of one channel one after another, channels side by side. */
  async function handleAll(entries: readonly Entry[], deliveriesOf: (streamId: string) => number): Promise<number> {
    const wanted: Message[] = [];
    for (const { streamId, message } of entries) {
      if (message && handlers.has(message.channel)) wanted.push(message);
      else state.done.add(streamId);
    }
    const outcomes = await inLanes(
      wanted,
      ({ channel }) => channel,
      (message) => handle(message, deliveriesOf(message.streamId)),
      concurrency,
    );
    return outcomes.filter(Boolean).length;
  }

  async function claim(): Promise<PollResult> {
    const now = context.clock.now();
    state.claimedAt = now;
    const isDone = (id: string) => state.done.has(id);
    const { taken, ids, trimmed } = await takeOver(context, {
      group: name,
      consumer,
      idleMs: retryMs,
      count,
      isDone,
    }).catch((error: unknown) => {
      if (isReply(error, "NOGROUP")) return none;
      throw error;
    });
    // Read long ago and not idle: acknowledged with a lost answer, or another worker's by now.
    for (const [id, readAt] of state.pending) {
      if (readAt <= now - retryMs && !ids.includes(id) && ids.length < count) state.pending.delete(id);
    }
    const [first] = trimmed;
    if (first !== undefined) {
      context.reportGap({ reader, after: first, before: trimmed.at(-1) ?? first, missed: trimmed.length });
    }
    for (const id of trimmed) state.pending.delete(id);
    const alive: Entry[] = [];
    const deliveriesOf = new Map(taken.map(({ entry, deliveries }) => [entry.streamId, deliveries]));
    for (const { entry, deliveries } of taken) {
      state.pending.set(entry.streamId, now);
      // Its last worker never came back: the handlers did not throw, so nothing else has counted it.
      if (deliveries > maxDeliveries && entry.message) {
        await giveUp(entry.message, deliveries - 1, "no worker came back from it");
      } else {
        alive.push(entry);
      }
    }
    const delivered = await handleAll(alive, (streamId) => deliveriesOf.get(streamId) ?? 1);
    await flush();
    return { delivered, hasMore: ids.length === count };
  }

  async function poll(): Promise<PollResult> {
    if (state.pending.size >= maxPending) {
      await flush();
      if (state.pending.size >= maxPending) return { delivered: 0, hasMore: false, isHeld: true };
    }
    context.state.counters.polls += 1;
    const entries = await readPage();
    for (const { streamId } of entries) state.pending.set(streamId, context.clock.now());
    return { delivered: await handleAll(entries, () => 1), hasMore: entries.length === count };
  }

  return {
    name,
    reader,
    subscribe: handlers.add,
    poll,
    flush,
    async drain() {
      for (let page = 0; page < maxPages; page++) {
        const { delivered, hasMore } = await poll();
        if (delivered === 0 && !hasMore) break;
      }
      await flush();
    },
    claim,
    claimDueAt() {
      // Only what came lately can have been abandoned and not be found yet.
      const movedAt = context.state.pump.movedAt ?? context.clock.now();
      const isQuiet = context.clock.now() - movedAt > quietTimes * retryMs;
      const waits = state.pending.size > state.done.size ? 1 : isQuiet ? quietTimes : 2;
      return state.claimedAt + waits * retryMs;
    },
    deadLetters: (options) => listDeadLetters(context, name, options),
    async replay({ count = 10, ids } = {}) {
      const letters = await listDeadLetters(context, name, { count: ids ? 1_000 : count });
      const wanted = letters.filter(({ id }) => !ids || ids.includes(id));
      const done: string[] = [];
      for (const { id, message } of wanted) {
        if ((await handlers.run(message, reader)).length === 0) done.push(id);
      }
      await removeDeadLetters(context, name, done);
      return { replayed: done.length, failed: wanted.length - done.length };
    },
    discard: (ids) => removeDeadLetters(context, name, ids),
  };
}

// --- Internal helpers ---

const none: Abandoned = { taken: [], ids: [], trimmed: [] };

const entriesOf = (reply: [string, RawEntry[]][] | null): Entry[] =>
  (reply?.[0]?.[1] ?? []).flatMap((raw) => readEntry(raw) ?? []);

const isReply = (error: unknown, reply: string): boolean => error instanceof RedisReplyError && error.reply === reply;
