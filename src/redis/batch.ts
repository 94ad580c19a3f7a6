import type { Clock } from "../platform/index.ts";
import { RedisClosedError, RedisTimeoutError } from "./errors.ts";
import type { Command } from "./repeatable.ts";
import { type Mode, type Reply, TransportFailure } from "./transport.ts";

/** Collects the commands of one tick and sends them as one ordered request. Lives as long as the invocation. */
export interface Batch {
  /**
   * Adds commands to the request that leaves at the end of this tick. Resolves with their replies in order; rejects after
   * `timeoutMs`. The HTTP request uses the longest timeout among its commands. A transaction keeps its place in the order
   * and leaves as a separate request.
   */
  add(mode: Mode, commands: readonly Command[], timeoutMs: number): Promise<Reply[]>;
  /** Rejects the commands that have not been sent yet. */
  close(): void;
}

interface Entry {
  mode: Mode;
  commands: readonly Command[];
  timeoutMs: number;
  resolve(replies: Reply[]): void;
  reject(reason: unknown): void;
}

/** The limit of Upstash's own client for one request. */
const maxCommands = 1_000;

/**
 * A tick ends after this many microtask turns without a new command. Code that reads session, cache and cooldown side by side
 * reaches its first command after a few awaits. A timer would catch the same commands and cost real time.
 */
const quietTurns = 12;

export function createBatch(
  send: (mode: Mode, commands: Command[], timeoutMs: number) => Promise<Reply[]>,
  { sleep }: Pick<Clock, "sleep">,
): Batch {
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
    for (const group of requestsOf(entries)) await deliver(group);
  }

  async function deliver(group: Entry[]): Promise<void> {
    const longestMs = Math.max(...group.map(({ timeoutMs }) => timeoutMs));
    const settled = new AbortController();
    for (const entry of group) if (entry.timeoutMs < longestMs) void rejectLate(entry, settled.signal);
    try {
      const commands = group.flatMap((entry) => entry.commands);
      const replies = await send(group[0]?.mode ?? "pipeline", commands, longestMs);
      let from = 0;
      for (const entry of group) entry.resolve(replies.slice(from, (from += entry.commands.length)));
    } catch (reason) {
      for (const entry of group) entry.reject(reason);
    } finally {
      settled.abort();
    }
  }

  async function rejectLate({ timeoutMs, reject }: Entry, settled: AbortSignal): Promise<void> {
    await sleep(timeoutMs, settled);
    if (!settled.aborted) reject(new TransportFailure(new RedisTimeoutError(timeoutMs), { mayHaveRun: true }));
  }

  return {
    add: (mode, commands, timeoutMs) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(new RedisClosedError());
        queue.push({ mode, commands, timeoutMs, resolve, reject });
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
function requestsOf(entries: Entry[]): Entry[][] {
  const requests: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const last = requests.at(-1);
    if (last && entry.mode === "pipeline" && last[0]?.mode === "pipeline" && entry.commands.length <= room) {
      last.push(entry);
      room -= entry.commands.length;
    } else {
      requests.push([entry]);
      room = maxCommands - entry.commands.length;
    }
  }
  return requests;
}
