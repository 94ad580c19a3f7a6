import { RedisReplyError } from "../redis/index.ts";
import { bury, type DeadLetter, listDeadLetters, removeDeadLetters } from "./dead-letters.ts";
import type { Reader } from "./events.ts";
import { createHandlers, type Handler } from "./handlers.ts";
import type { Host } from "./host.ts";
import { inLanes } from "./lanes.ts";
import type { PollResult } from "./listener.ts";
import { isRemembered, remember } from "./memory.ts";
import { type Entry, type Message, type RawEntry, readEntry } from "./message.ts";
import { groupOf } from "./state.ts";

export interface GroupOptions {
  /** Deliveries of a message before it goes to the dead letters. */
  maxDeliveries?: number;
  /** A message that was read and not acknowledged for so long is given to another worker: its worker failed or died. */
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
   * Takes over what failed or was abandoned: 1 command in 1 round trip when there is none, else 1 more and the acknowledgement,
   * and 2 for each message that is given up. One worker is to do this: the pump does.
   */
  claim(): Promise<PollResult>;
  /** When the abandoned are worth looking for again, in epoch milliseconds. */
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

/** Upstash refuses reads to a consumer with 1,000 messages pending: past this many none are read until some are done. */
const maxPending = 500;

export function createGroup(
  host: Host,
  name: string,
  {
    maxDeliveries = 5,
    retryMs = 60_000,
    pageSize = host.pageSize,
    concurrency = 4,
    from = "oldest",
  }: GroupOptions = {},
): Group {
  const handlers = createHandlers(host);
  const state = groupOf(host.state, host.keys.deadLetters(name), host.memorySize);
  const { stream } = host.keys;
  const reader = `group ${name}` as const;
  const consumer = `w${Array.from(host.source).reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % consumers}`;
  const count = Math.min(100, pageSize);

  const acknowledge = (ids: readonly string[]) => host.exec<number>("XACK", stream, name, ...ids);

  function acknowledged(ids: readonly string[]): void {
    for (const id of ids) state.done.delete(id);
    state.pending = Math.max(0, state.pending - ids.length);
  }

  async function flush(): Promise<void> {
    const ids = [...state.done];
    if (ids.length === 0) return;
    await acknowledge(ids);
    acknowledged(ids);
  }

  const read = () =>
    host.exec<[string, RawEntry[]][] | null>(
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
      await host.exec("XGROUP", "CREATE", stream, name, from === "oldest" ? "0" : "$", "MKSTREAM");
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
      host.state.counters.duplicates += 1;
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
    await bury(host, name, { message, deliveries, reason: error instanceof Error ? error.message : String(error) });
    state.pending = Math.max(0, state.pending - 1);
    host.state.counters.deadLetters += 1;
    host.report({ type: "dead-letter", group: name, message, deliveries, error });
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
    state.claimedAt = host.clock.now();
    const idle = await host
      .exec<[id: string, consumer: string, idleMs: number, deliveries: number][]>(
        ...(["XPENDING", stream, name, "IDLE", retryMs, "-", "+", count] as [string, ...(string | number)[]]),
      )
      .catch((error: unknown) => {
        if (isReply(error, "NOGROUP")) return [];
        throw error;
      });
    // Done here, and the acknowledgement was lost.
    const ids = idle.map(([id]) => id).filter((id) => !state.done.has(id));
    if (ids.length === 0) return { delivered: 0, hasMore: false };
    // Another worker that claims them at the same time gets none of these: they are not idle any more.
    const claimed = await host.exec<RawEntry[]>("XCLAIM", stream, name, consumer, retryMs, ...ids);
    const entries = claimed.flatMap((raw) => readEntry(raw) ?? []);
    state.pending += entries.length;
    await reportTrimmed(ids.filter((id) => !entries.some(({ streamId }) => streamId === id)));
    const deliveries = new Map(idle.map(([id, , , before]) => [id, before + 1]));
    const alive: Entry[] = [];
    for (const entry of entries) {
      const times = deliveries.get(entry.streamId) ?? 1;
      // Its last worker never came back: the handlers did not throw, so nothing else has counted it.
      if (times > maxDeliveries && entry.message) await giveUp(entry.message, times - 1, "no worker came back from it");
      else alive.push(entry);
    }
    const delivered = await handleAll(alive, (streamId) => deliveries.get(streamId) ?? 1);
    await flush();
    return { delivered, hasMore: idle.length === count };
  }

  /** Claimed by another worker meanwhile, or gone from the bus. */
  async function reportTrimmed(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const found = await Promise.all(ids.map((id) => host.exec<RawEntry[] | null>("XRANGE", stream, id, id)));
    const gone = ids.filter((_id, index) => (found[index] ?? []).length === 0);
    const [first] = gone;
    if (first !== undefined)
      host.reportGap({ reader, after: first, before: gone.at(-1) ?? first, missed: gone.length });
  }

  return {
    name,
    reader,
    subscribe: handlers.add,
    async poll() {
      if (state.pending >= maxPending) {
        await flush();
        if (state.pending >= maxPending) return { delivered: 0, hasMore: false, isHeld: true };
      }
      host.state.counters.polls += 1;
      const entries = await readPage();
      state.pending += entries.length;
      return { delivered: await handleAll(entries, () => 1), hasMore: entries.length === count };
    },
    flush,
    claim,
    claimDueAt: () => state.claimedAt + retryMs,
    deadLetters: (options) => listDeadLetters(host, name, options),
    async replay({ count = 10, ids } = {}) {
      const letters = await listDeadLetters(host, name, { count: ids ? 1_000 : count });
      const wanted = letters.filter(({ id }) => !ids || ids.includes(id));
      const done: string[] = [];
      for (const { id, message } of wanted) {
        if ((await handlers.run(message, reader)).length === 0) done.push(id);
      }
      await removeDeadLetters(host, name, done);
      return { replayed: done.length, failed: wanted.length - done.length };
    },
    discard: (ids) => removeDeadLetters(host, name, ids),
  };
}

// --- Internal helpers ---

const entriesOf = (reply: [string, RawEntry[]][] | null): Entry[] =>
  (reply?.[0]?.[1] ?? []).flatMap((raw) => readEntry(raw) ?? []);

const isReply = (error: unknown, reply: string): boolean => error instanceof RedisReplyError && error.reply === reply;
