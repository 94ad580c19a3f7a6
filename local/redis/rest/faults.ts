import type { Command } from "./arguments.ts";
import { RestError } from "./errors.ts";

/**
 * A fault between client and database, for tests of the client.
 *
 * @example
 * // The next SET takes effect, and its reply is lost.
 * const lost: Fault = { at: "after", do: "drop", match: "SET", times: 1 };
 */
export interface Fault {
  /** `before` the commands run, or `after` they took effect. */
  at: "before" | "after";
  /**
   * `drop` closes the socket, `stall` waits `ms` and goes on, `status` answers with that HTTP status and a JSON error.
   */
  do: "drop" | "stall" | "status";
  /** For `stall`, in milliseconds. Default: 1,000. */
  ms?: number;
  /** For `status`. Default: 503. */
  status?: number;
  /** How many requests fail. Default: all. */
  times?: number;
  /** How many matching requests pass first. Default: 0. */
  skip?: number;
  /** Only requests with this command fail. Default: all requests. */
  match?: string;
}

export interface Faults {
  /** Replaces all faults. */
  set(faults: readonly Fault[]): void;
  /** Returns the fault for a request with these commands, if any, and counts it. */
  take(at: Fault["at"], commands: readonly Command[]): Fault | undefined;
}

export function createFaults(): Faults {
  let armed: { fault: Fault; match: string | undefined; skip: number; times: number }[] = [];
  return {
    set(faults) {
      armed = faults.map((fault) => ({
        fault,
        match: fault.match?.toUpperCase(),
        skip: fault.skip ?? 0,
        times: fault.times ?? Number.POSITIVE_INFINITY,
      }));
    },
    take(at, commands) {
      for (const one of armed) {
        if (one.fault.at !== at || one.times <= 0) continue;
        if (one.match !== undefined && !commands.some(([name]) => name.toUpperCase() === one.match)) continue;
        if (one.skip > 0) {
          one.skip -= 1;
          continue;
        }
        one.times -= 1;
        return one.fault;
      }
      return undefined;
    },
  };
}

/** Returns the faults in the body of `PUT /-/faults`. Throws a `RestError` that names the wrong entry. */
export function parseFaults(body: Buffer): Fault[] {
  let list: unknown;
  try {
    list = JSON.parse(body.toString());
  } catch {
    throw new RestError(400, "ERR faults must be a JSON array");
  }
  if (!Array.isArray(list)) throw new RestError(400, "ERR faults must be a JSON array");
  return list.map((fault: unknown, index) => {
    const complaint = complaintAbout(fault);
    if (complaint !== undefined) throw new RestError(400, `ERR fault ${index + 1}: ${complaint}`);
    return fault as Fault;
  });
}

// --- Internal helpers ---

const numbers = { ms: [0, 3_600_000], status: [200, 599], times: [0, Infinity], skip: [0, Infinity] } as const;

function complaintAbout(fault: unknown): string | undefined {
  if (typeof fault !== "object" || fault === null) return "it must be an object";
  const entries = new Map(Object.entries(fault));
  if (!/^(before|after)$/.test(String(entries.get("at")))) return '"at" must be "before" or "after"';
  if (!/^(drop|stall|status)$/.test(String(entries.get("do")))) return '"do" must be "drop", "stall" or "status"';
  for (const [name, value] of entries) {
    if (name === "at" || name === "do") continue;
    if (name === "match") {
      if (typeof value !== "string") return '"match" must be the name of a command';
      continue;
    }
    if (!(name in numbers)) return `there is no field "${name}"`;
    const [least, most] = numbers[name as keyof typeof numbers];
    if (!Number.isInteger(value) || value < least || value > most)
      return `"${name}" must be a whole number from ${least}${most < Infinity ? ` to ${most}` : ""}`;
  }
  return undefined;
}
