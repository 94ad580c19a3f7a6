import type { Clock } from "../platform/index.ts";
import { RedisClosedError, RedisGateTimeoutError } from "./errors.ts";
import { sleepWhileFree } from "./free-time.ts";
import type { Command } from "./repeatable.ts";
import { lateFailure, type Mode, type Reply } from "./transport.ts";

/** Collects the commands of one tick and sends them as one ordered request. Lives as long as the invocation. */
export interface Batch {
  /**
   * Adds commands to the request that leaves at the end of this tick. Resolves with their replies in order; rejects after
   * `timeoutMs`, whatever request they wait for or share. A transaction keeps its place in the order and leaves as a separate
   * request. `cause` names what they are billed to. Default: "".
   */
  add(mode: Mode, commands: readonly Command[], timeoutMs: number, cause?: string): Promise<Reply[]>;
  /** Rejects the commands that have not been sent yet. */
  close(): void;
}

interface Entry {
  mode: Mode;
  commands: readonly Command[];
  timeoutMs: number;
  cause: string;
  isSent: boolean;
  /** Rejected, and so not worth sending. */
  isGivenUp: boolean;
  /** Settle the caller's promise; the first call counts. */
  resolve(replies: Reply[]): void;
  reject(reason: unknown): void;
}

export interface BatchOptions {
  /** Calls `onBilled` for each attempt that may have run. */
  send(mode: Mode, commands: Command[], timeoutMs: number, onBilled: () => void): Promise<Reply[]>;
  /** Told of commands that are billed, by their cause. */
  onBilled?(cause: string, commands: number): void;
  clock: Pick<Clock, "now" | "sleep">;
  /** How long a request may stay on the wire although its callers have stopped waiting, in milliseconds. */
  wireMs: number;
  /** Keeps the invocation alive for such a request. */
  waitUntil?(work: Promise<unknown>): void;
}

/** The limit of Upstash's own client for one request. */
const maxCommands = 1_000;

/**
 * A tick ends after this many microtask turns without a new command. Code that reads session, cache and cooldown side by side
 * reaches its first command after a few awaits. A timer would catch the same commands and cost real time.
 */
const quietTurns = 12;

export function createBatch({ send, onBilled = () => {}, clock, wireMs, waitUntil = () => {} }: BatchOptions): Batch {
  let queue: Entry[] = [];
  let isFlushing = false;
  let isClosed = false;

  async function flush(): Promise<void> {
    let seen: number;
    do {
      seen = queue.length;
      for (let turn = 0; turn < quietTurns; turn++) await Promise.resolve();
    } while (queue.length !== seen);
    isFlushing = false;
    const entries = queue;
    queue = [];
    const requests = requestsOf(entries);
    const startedAt = clock.now();
    const over = new AbortController();
    const expiries = expire(entries, requests.length > 1, over.signal);
    for (const request of requests) {
      const waiting = request.entries.filter(({ isGivenUp }) => !isGivenUp);
      if (waiting.length > 0) await deliver(request.mode, waiting, clock.now() - startedAt, expiries);
    }
    over.abort();
  }

  /** Returns after the answer, or once no caller waits for it: then the next request may leave. */
  async function deliver(
    mode: Mode,
    group: Entry[],
    waitedMs: number,
    expiries: Map<number, Promise<void>>,
  ): Promise<void> {
    let isOver = false;
    const longestMs = Math.max(...group.map(({ timeoutMs }) => timeoutMs));
    const delivery = exchange(mode, group, Math.max(1, longestMs - waitedMs)).finally(() => (isOver = true));
    await Promise.race([delivery, Promise.all(group.map(({ timeoutMs }) => expiries.get(timeoutMs) ?? delivery))]);
    if (!isOver) waitUntil(delivery);
  }

  async function exchange(mode: Mode, group: Entry[], timeoutMs: number): Promise<void> {
    for (const entry of group) entry.isSent = true;
    try {
      const commands = group.flatMap((entry) => entry.commands);
      const replies = await send(mode, commands, timeoutMs, () => {
        for (const entry of group) onBilled(entry.cause, entry.commands.length);
      });
      let from = 0;
      for (const entry of group) entry.resolve(replies.slice(from, (from += entry.commands.length)));
    } catch (reason) {
      for (const entry of group) entry.reject(reason);
    }
  }

  /** Starts a timer for each timeout that is over before the request is. Returns when each has rejected its entries. */
  function expire(entries: Entry[], isQueued: boolean, over: AbortSignal): Map<number, Promise<void>> {
    const timeouts = new Set(entries.map(({ timeoutMs }) => timeoutMs));
    const longestMs = Math.max(...timeouts);
    const early = [...timeouts].filter((ms) => isQueued || ms < longestMs || ms < wireMs);
    return new Map(
      early.map((ms) => [
        ms,
        rejectLate(
          entries.filter(({ timeoutMs }) => timeoutMs === ms),
          ms,
          over,
        ),
      ]),
    );
  }

  async function rejectLate(entries: Entry[], timeoutMs: number, over: AbortSignal): Promise<void> {
    const { busyMs } = await sleepWhileFree(clock, timeoutMs, over);
    if (over.aborted) return;
    for (const { isSent, reject } of entries) {
      reject(isSent ? lateFailure(timeoutMs, busyMs) : new RedisGateTimeoutError(timeoutMs));
    }
  }

  return {
    add: (mode, commands, timeoutMs, cause = "") =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(new RedisClosedError());
        const entry: Entry = {
          mode,
          commands,
          timeoutMs,
          cause,
          isSent: false,
          isGivenUp: false,
          resolve,
          reject(reason) {
            entry.isGivenUp = true;
            reject(reason);
          },
        };
        queue.push(entry);
        if (isFlushing) return;
        isFlushing = true;
        void flush();
      }),
    close() {
      isClosed = true;
      for (const entry of queue.splice(0)) entry.reject(new RedisClosedError());
    },
  };
}

/** Returns the queue cut into requests: neighbouring pipelines together, each transaction alone. */
function requestsOf(entries: Entry[]): { mode: Mode; entries: Entry[] }[] {
  const requests: { mode: Mode; entries: Entry[] }[] = [];
  let room = 0;
  for (const entry of entries) {
    const last = requests.at(-1);
    if (last?.mode === "pipeline" && entry.mode === "pipeline" && entry.commands.length <= room) {
      last.entries.push(entry);
      room -= entry.commands.length;
    } else {
      requests.push({ mode: entry.mode, entries: [entry] });
      room = maxCommands - entry.commands.length;
    }
  }
  return requests;
}
