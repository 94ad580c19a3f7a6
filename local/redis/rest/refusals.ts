import { type Argument, toText } from "../resp/encode.ts";
import type { Command } from "./arguments.ts";
import { notAllowed, notAvailable } from "./errors.ts";

/** Requests stand alone on shared connections: nothing may change a connection, watch on it, or turn it into a stream. */
const stateful = words(`
  ASKING AUTH DISCARD EXEC HELLO MONITOR MULTI PSUBSCRIBE PSYNC PUNSUBSCRIBE QUIT READONLY READWRITE REPLCONF RESET
  SSUBSCRIBE SUBSCRIBE SUNSUBSCRIBE SYNC UNSUBSCRIBE UNWATCH WATCH`);

/**
 * The server's own affairs. Upstash does not offer them, and behind this server they would reach past the one database
 * (MOVE, SWAPDB), the connection (ACL, CONFIG), the counters (CONFIG RESETSTAT) or the machine (DEBUG, MODULE, SHUTDOWN).
 */
const administrative = words(`
  ACL BGREWRITEAOF BGSAVE CLUSTER COMMANDLOG CONFIG DEBUG FAILOVER LATENCY MIGRATE MODULE MOVE PFDEBUG PFSELFTEST
  REPLICAOF ROLE SAVE SHUTDOWN SLAVEOF SLOWLOG SWAPDB`);

const blocking = words("BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN WAIT WAITAOF");

/** Looked at further: their arguments decide. */
const depends = words("CLIENT FUNCTION SCRIPT SELECT XREAD XREADGROUP");

/** What becomes of a command before any engine sees it. */
export type Admission =
  | { kind: "run" }
  /** On a connection of its own: it may wait, or is meant to overtake what waits. */
  | { kind: "run-alone" }
  /** Taken, and means nothing here. */
  | { kind: "ignore" }
  | { kind: "refuse"; error: string };

const run: Admission = { kind: "run" };
const runAlone: Admission = { kind: "run-alone" };
const ignore: Admission = { kind: "ignore" };

/** `name` is the command's, in capitals. */
export function admit(name: string, command: Command): Admission {
  if (stateful.has(name)) return { kind: "refuse", error: notAllowed(name) };
  if (administrative.has(name)) return { kind: "refuse", error: notAvailable(name) };
  if (blocking.has(name)) return runAlone;
  if (!depends.has(name)) return run;
  const first = upper(command[1]);
  switch (name) {
    case "SELECT":
      return first === "0"
        ? ignore
        : { kind: "refuse", error: `ERR Only database 0 is there, as at Upstash. Asked for: ${first || "none"}` };
    // It would describe, or change, a connection that the client shares with others.
    case "CLIENT":
      return first === "SETINFO" ? ignore : { kind: "refuse", error: notAllowed(`CLIENT ${first}`.trimEnd()) };
    case "SCRIPT":
    case "FUNCTION":
      if (first === "DEBUG") return { kind: "refuse", error: notAllowed(`${name} ${first}`) };
      return first === "KILL" ? runAlone : run;
    // A stream that is called BLOCK costs a connection, no more.
    default:
      return command.some((argument) => upper(argument) === "BLOCK") ? runAlone : run;
  }
}

// --- Internal helpers ---

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

const upper = (argument: Argument | undefined): string =>
  argument === undefined ? "" : toText(argument).toUpperCase();
