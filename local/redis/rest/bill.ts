import type { Reply } from "../resp/reply.ts";

/** What was asked of a database: HTTP requests, and commands as Upstash bills them. */
export interface Counters {
  requests: number;
  /** Each command of a pipeline or transaction is one; a script is itself and each call inside it. */
  commands: number;
  byCommand: Record<string, number>;
}

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
      const key = name.toUpperCase();
      byCommand.set(key, (byCommand.get(key) ?? 0) + times);
    },
    counters: () => ({
      requests,
      commands: [...byCommand.values()].reduce((sum, count) => sum + count, 0),
      byCommand: Object.fromEntries([...byCommand].toSorted(([a], [b]) => a.localeCompare(b))),
    }),
    reset() {
      requests = 0;
      byCommand = new Map();
    },
  };
}

/**
 * The calls a script made, from the engine's own statistics before and after it. The three arrive in one piece on one
 * connection, so on the embedded engine nothing else runs in between.
 */
export const statistics = ["INFO", "commandstats"] as const;

export function callsBetween(before: Reply | undefined, after: Reply | undefined): Map<string, number> {
  const earlier = readCalls(before);
  const calls = new Map<string, number>();
  for (const [name, count] of readCalls(after)) {
    const more = count - (earlier.get(name) ?? 0);
    // The script's own call, and the question itself, are no calls inside the script.
    if (more > 0 && !/^(eval|evalsha|fcall)(_ro)?$|^info$/.test(name)) calls.set(name, more);
  }
  return calls;
}

/** `cmdstat_client|list:calls=3,usec=…` per line; subcommands count to their command. */
function readCalls(info: Reply | undefined): Map<string, number> {
  const calls = new Map<string, number>();
  if (!(info instanceof Uint8Array)) return calls;
  for (const [, name = "", count] of Buffer.from(info)
    .toString()
    .matchAll(/^cmdstat_([^:|]+)[^:]*:calls=(\d+)/gm)) {
    calls.set(name, (calls.get(name) ?? 0) + Number(count));
  }
  return calls;
}
