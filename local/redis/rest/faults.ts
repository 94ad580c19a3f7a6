import type { Command } from "./arguments.ts";
import { RestError } from "./errors.ts";

/**
 * A fault on the wire, for testing clients: `drop` closes the socket, `stall` waits `ms` and goes on, `status` answers
 * that HTTP status; `before` the commands run, or `after` they took effect, when `drop` is a lost reply.
 */
export interface Fault {
  at: "before" | "after";
  do: "drop" | "stall" | "status";
  ms?: number;
  status?: number;
  /** How many requests it hits; all, when missing. */
  times?: number;
  /** How many requests it lets pass first. */
  skip?: number;
  /** Only requests that hold a command of this name. */
  match?: string;
}

export interface Faults {
  set(faults: Fault[]): void;
  /** The fault that hits a request of these commands, if one does. */
  take(commands: readonly Command[]): Fault | undefined;
}

export function createFaults(): Faults {
  let active: Fault[] = [];
  return {
    set(faults) {
      active = faults.map((fault) => ({ ...fault }));
    },
    take(commands) {
      const fault = active.find(
        ({ match, times }) =>
          times !== 0 && (match === undefined || commands.some(([name]) => name.toUpperCase() === match.toUpperCase())),
      );
      if (!fault) return undefined;
      if (fault.skip !== undefined && fault.skip > 0) {
        fault.skip -= 1;
        return undefined;
      }
      if (fault.times !== undefined) fault.times -= 1;
      return fault;
    },
  };
}

/** Reads the body of `PUT /-/faults`. */
export function parseFaults(body: Buffer): Fault[] {
  const wanted = 'a list such as [{"at":"after","do":"drop","times":1}]: at before|after, do drop|stall|status';
  let list: unknown;
  try {
    list = JSON.parse(body.toString());
  } catch {
    throw new RestError(400, `ERR faults are ${wanted}`);
  }
  if (!Array.isArray(list) || !list.every(isFault)) throw new RestError(400, `ERR faults are ${wanted}`);
  return list;
}

const isFault = (value: unknown): value is Fault =>
  typeof value === "object" &&
  value !== null &&
  "at" in value &&
  (value.at === "before" || value.at === "after") &&
  "do" in value &&
  (value.do === "drop" || value.do === "stall" || value.do === "status");
