import { type Argument, toText } from "../resp/encode.ts";
import { type Reply, Status } from "../resp/reply.ts";
import type { Command } from "./arguments.ts";
import { notAllowed, notAvailable } from "./errors.ts";

/** Requests share connections: a command may not change a connection's state or turn it into a stream. */
const stateful = words(`
  ASKING AUTH DISCARD EXEC HELLO MONITOR MULTI PSUBSCRIBE PSYNC PUNSUBSCRIBE QUIT READONLY READWRITE REPLCONF RESET
  SSUBSCRIBE SUBSCRIBE SUNSUBSCRIBE SYNC UNSUBSCRIBE UNWATCH WATCH`);

/**
 * Administration of the server, which Upstash does not offer. Behind this server it would affect other databases (MOVE,
 * SWAPDB), other clients (ACL, CONFIG), the counters (CONFIG RESETSTAT) or the machine (DEBUG, MODULE, SHUTDOWN).
 */
const administrative = words(`
  ACL BGREWRITEAOF BGSAVE CLUSTER COMMANDLOG CONFIG DEBUG FAILOVER LATENCY MIGRATE MODULE MOVE PFDEBUG PFSELFTEST
  REPLICAOF ROLE SAVE SHUTDOWN SLAVEOF SLOWLOG SWAPDB`);

/**
 * Commands of Redis or Valkey that Upstash does not have.
 *
 * @see https://upstash.com/docs/redis/commands/overview
 */
const unavailable = words(`
  CLUSTERSCAN DELIFEQ LASTSAVE LCS LOLWUT MSETEX OBJECT RESTORE-ASKING SORT SORT_RO SPUBLISH XSETID`);

/** The subcommands that Upstash has, of the commands whose other subcommands it lacks. */
const subcommands = new Map([
  ["FUNCTION", words("DELETE FLUSH KILL LIST LOAD STATS")],
  ["MEMORY", words("USAGE")],
  ["PUBSUB", words("CHANNELS NUMPAT NUMSUB")],
  ["SCRIPT", words("EXISTS FLUSH KILL LOAD")],
]);

const blocking = words("BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN WAIT WAITAOF");

/** Commands whose arguments decide. */
const depends = words("CLIENT COMMAND FUNCTION HSETEX MEMORY PUBSUB SCRIPT SELECT XREAD XREADGROUP");

/** The decision about a command before the engine receives it. */
export type Admission =
  | { kind: "run" }
  /** Runs on a separate connection: it may block, or must overtake a command that blocks. */
  | { kind: "run-alone" }
  /** Accepted, without effect. `reply` is the client's. */
  | { kind: "ignore"; reply: Reply }
  | { kind: "refuse"; error: string };

const run: Admission = { kind: "run" };
const runAlone: Admission = { kind: "run-alone" };
const ignore: Admission = { kind: "ignore", reply: new Status("OK") };
const empty: Admission = { kind: "ignore", reply: [] };

/** Decides about a command; `name` is its name in capitals. */
export function admit(name: string, command: Command): Admission {
  if (stateful.has(name)) return { kind: "refuse", error: notAllowed(name) };
  if (administrative.has(name) || unavailable.has(name)) return { kind: "refuse", error: notAvailable(name) };
  if (blocking.has(name)) return runAlone;
  if (!depends.has(name)) return run;
  const first = upper(command[1]);
  switch (name) {
    case "SELECT":
      return first === "0" ? ignore : { kind: "refuse", error: "ERR there is only database 0, as at Upstash" };
    // CLIENT describes or changes a connection, which the client shares with others.
    case "CLIENT":
      return first === "SETINFO" ? ignore : { kind: "refuse", error: notAllowed(`CLIENT ${first}`.trimEnd()) };
    // Upstash shows no client its table of commands.
    case "COMMAND":
      return first === "" ? empty : { kind: "refuse", error: notAvailable(`COMMAND ${first}`) };
    // Valkey's conditions on the key; Upstash has FNX and FXX.
    case "HSETEX": {
      const options = command.slice(2).map(upper);
      const condition = options.slice(0, options.indexOf("FIELDS")).find((option) => /^(NX|XX)$/.test(option));
      return condition === undefined ? run : { kind: "refuse", error: notAvailable(`HSETEX ${condition}`) };
    }
    case "FUNCTION":
    case "MEMORY":
    case "PUBSUB":
    case "SCRIPT":
      if (first === "DEBUG") return { kind: "refuse", error: notAllowed(`${name} ${first}`) };
      // Without a subcommand, the engine answers that one is missing.
      if (first !== "" && !subcommands.get(name)?.has(first)) {
        return { kind: "refuse", error: notAvailable(`${name} ${first}`) };
      }
      return first === "KILL" ? runAlone : run;
    // A stream named BLOCK costs a separate connection and does no harm.
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
