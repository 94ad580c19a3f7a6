import type { Command } from "./arguments.ts";
import { RestError } from "./errors.ts";

/**
 * A fault on the wire, for testing clients. `before` the commands run, or `after` they took effect: a dropped answer is
 * then a lost reply.
 */
export interface Fault {
  at: "before" | "after";
  /** `drop` destroys the socket, `stall` waits `ms` and goes on, `status` answers that HTTP status with a JSON error. */
  do: "drop" | "stall" | "status";
  /** Of `stall`. Default 1,000. */
  ms?: number;
  /** Of `status`. Default 503. */
  status?: number;
  /** How often it strikes. Default: until it is taken away. */
  times?: number;
  /** How many matching requests it lets pass first. Default 0. */
  skip?: number;
  /** Only requests with this command in them. */
  match?: string;
}

export interface Faults {
  /** Replaces all faults. */
  set(faults: readonly Fault[]): void;
  /** The fault that strikes a request with these commands now; it strikes one time fewer from here on. */
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

/** Reads the body of `PUT /-/faults`; says which entry is wrong and why. */
export function parseFaults(body: Buffer): Fault[] {
  let list: unknown;
  try {
    list = JSON.parse(body.toString());
  } catch {
    throw new RestError(400, "ERR faults are a JSON array");
  }
  if (!Array.isArray(list)) throw new RestError(400, "ERR faults are a JSON array");
  return list.map((fault: unknown, index) => {
    const complaint = complaintAbout(fault);
    if (complaint !== undefined) throw new RestError(400, `ERR fault ${index + 1}: ${complaint}`);
    return fault as Fault;
  });
}

// --- Internal helpers ---

const numbers = { ms: [0, 3_600_000], status: [200, 599], times: [0, Infinity], skip: [0, Infinity] } as const;

function complaintAbout(fault: unknown): string | undefined {
  if (typeof fault !== "object" || fault === null) return "not an object";
  const entries = new Map(Object.entries(fault));
  if (!/^(before|after)$/.test(String(entries.get("at")))) return '"at" is "before" or "after"';
  if (!/^(drop|stall|status)$/.test(String(entries.get("do")))) return '"do" is "drop", "stall" or "status"';
  for (const [name, value] of entries) {
    if (name === "at" || name === "do") continue;
    if (name === "match") {
      if (typeof value !== "string") return '"match" is the name of a command';
      continue;
    }
    if (!(name in numbers)) return `"${name}" means nothing here`;
    const [least, most] = numbers[name as keyof typeof numbers];
    if (!Number.isInteger(value) || value < least || value > most)
      return `"${name}" is a whole number from ${least}${most < Infinity ? ` to ${most}` : ""}`;
  }
  return undefined;
}
