import type { Reply } from "../resp/reply.ts";

/** What was asked of a database: HTTP requests, and commands as Upstash bills them. */
export interface Counters {
  requests: number;
  /** Each command of a pipeline or transaction is one; a script is itself and each call inside it. PING counts too. */
  commands: number;
  /** By name in capitals; subcommands count to their command. */
  byCommand: Record<string, number>;
}

/** Counts what reaches the engine, whatever it answers; not what is refused or answered before, or what it does not know. */
export interface Bill {
  countRequest(): void;
  countCommand(name: string, times?: number): void;
  counters(): Counters;
  reset(): void;
}

export function createBill(): Bill {
  let requests = 0;
  let byCommand = new Map<string, number>();
  return {
    countRequest() {
      requests += 1;
    },
    countCommand(name, times = 1) {
      byCommand.set(name, (byCommand.get(name) ?? 0) + times);
    },
    counters: () => ({
      requests,
      commands: [...byCommand.values()].reduce((sum, count) => sum + count, 0),
      byCommand: Object.fromEntries([...byCommand].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    }),
    reset() {
      requests = 0;
      byCommand = new Map();
    },
  };
}

/** Asks the engine what it has run so far. */
export const statistics = ["INFO", "commandstats"] as const;

/**
 * The calls a script made: the engine's statistics after it less those before it. Exact when the three ran in one
 * transaction, where nothing of anybody else's can come between.
 */
export function callsBetween(before: Reply | undefined, after: Reply | undefined): Map<string, number> {
  const calls = readCalls(after);
  for (const [name, count] of readCalls(before)) calls.set(name, (calls.get(name) ?? 0) - count);
  // The first question is in the second answer.
  calls.set("INFO", (calls.get("INFO") ?? 0) - 1);
  for (const [name, count] of calls) {
    // A script cannot run a script, so what is left of these is the script itself.
    if (count <= 0 || /^(EVAL|EVALSHA|FCALL)(_RO)?$/.test(name)) calls.delete(name);
  }
  return calls;
}

/** `cmdstat_client|list:calls=3,usec=…`, a line each. */
function readCalls(info: Reply | undefined): Map<string, number> {
  const calls = new Map<string, number>();
  if (!(info instanceof Buffer)) return calls;
  for (const [, name = "", count] of info.toString("latin1").matchAll(/^cmdstat_([^:|]+)[^:]*:calls=(\d+)/gm)) {
    const key = name.toUpperCase();
    calls.set(key, (calls.get(key) ?? 0) + Number(count));
  }
  return calls;
}
