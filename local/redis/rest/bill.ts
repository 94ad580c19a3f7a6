import type { Reply } from "../resp/reply.ts";

/** The number of HTTP requests to a database, and of commands as Upstash bills them. */
export interface Counters {
  requests: number;
  /** Every command of a pipeline or transaction counts, and so does a script and each call inside it. PING counts. */
  commands: number;
  /** By name in capitals. Subcommands count as their command. */
  byCommand: Record<string, number>;
}

/** Counts commands by name. `times` defaults to 1. */
export interface CommandCounter {
  countCommand(name: string, times?: number): void;
}

/** Counts the commands that the engine runs, failed ones included; not those refused before it or unknown to it. */
export interface Bill extends CommandCounter {
  countRequest(): void;
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

/** The command that asks the engine how often it has run each command. */
export const statistics = ["INFO", "commandstats"] as const;

/**
 * Returns how often a script called each command: the engine's statistics after it minus those before it. Exact when
 * all three ran in one transaction, where no other client's command runs between them.
 */
export function callsBetween(before: Reply | undefined, after: Reply | undefined): Map<string, number> {
  const calls = readCalls(after);
  for (const [name, count] of readCalls(before)) calls.set(name, (calls.get(name) ?? 0) - count);
  // The second statistics include the first INFO.
  calls.set("INFO", (calls.get("INFO") ?? 0) - 1);
  for (const [name, count] of calls) {
    // A script cannot run a script: a count of these is the script itself. COMMAND asks for the keys of its calls.
    if (count <= 0 || /^(EVAL|EVALSHA|FCALL)(_RO)?$|^COMMAND$/.test(name)) calls.delete(name);
  }
  return calls;
}

/** Reads lines such as `cmdstat_client|list:calls=3,usec=…`. */
function readCalls(info: Reply | undefined): Map<string, number> {
  const calls = new Map<string, number>();
  if (!(info instanceof Buffer)) return calls;
  for (const [, name = "", count] of info.toString("latin1").matchAll(/^cmdstat_([^:|]+)[^:]*:calls=(\d+)/gm)) {
    const key = name.toUpperCase();
    calls.set(key, (calls.get(key) ?? 0) + Number(count));
  }
  return calls;
}
