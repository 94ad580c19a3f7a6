import type { Clock } from "../platform/index.ts";
import { RedisClosedError, RedisGateTimeoutError } from "./errors.ts";

export interface GateOptions {
  /** Requests in flight at once. Workers queue the seventh connection of an invocation unseen. */
  size: number;
  clock: Clock;
}

export interface GateStats {
  size: number;
  inFlight: number;
  waiting: number;
  /** The highest number of requests in flight so far. */
  peak: number;
  borrowed: number;
  returned: number;
  timedOut: number;
  /** Share of the slots in use, 0 to 1. */
  utilisation: number;
}

/** Bounds the requests in flight, first come first served. Lives as long as the invocation. */
export interface Gate {
  /**
   * Runs `task` once a slot is free. Rejects with `RedisGateTimeoutError` after waiting `borrowMs`, or with `RedisClosedError`
   * once the gate is closed; in both cases `task` was not called.
   */
  execute<T>(task: () => Promise<T>, borrowMs: number): Promise<T>;
  stats(): GateStats;
  /** Rejects the waiting tasks. Tasks in flight finish. Safe to call twice. */
  close(): void;
}

interface Waiter {
  start(): void;
  refuse(reason: Error): void;
}

export function createGate({ size, clock }: GateOptions): Gate {
  const waiting: Waiter[] = [];
  const count = { peak: 0, borrowed: 0, returned: 0, timedOut: 0 };
  let inFlight = 0;
  let isClosed = false;

  const take = () => {
    inFlight += 1;
    count.borrowed += 1;
    count.peak = Math.max(count.peak, inFlight);
  };

  const giveBack = () => {
    inFlight -= 1;
    count.returned += 1;
    waiting.shift()?.start();
  };

  function borrow(borrowMs: number): Promise<void> {
    if (inFlight < size) {
      take();
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const settled = new AbortController();
      const waiter: Waiter = {
        start() {
          settled.abort();
          take();
          resolve();
        },
        refuse(reason) {
          settled.abort();
          reject(reason);
        },
      };
      waiting.push(waiter);
      void clock.sleep(borrowMs, settled.signal).then(() => {
        if (settled.signal.aborted) return;
        waiting.splice(waiting.indexOf(waiter), 1);
        count.timedOut += 1;
        waiter.refuse(new RedisGateTimeoutError(borrowMs));
      });
    });
  }

  return {
    async execute(task, borrowMs) {
      if (isClosed) throw new RedisClosedError();
      await borrow(borrowMs);
      try {
        return await task();
      } finally {
        giveBack();
      }
    },
    stats: () => ({ ...count, size, inFlight, waiting: waiting.length, utilisation: inFlight / size }),
    close() {
      isClosed = true;
      for (const waiter of waiting.splice(0)) waiter.refuse(new RedisClosedError());
    },
  };
}
