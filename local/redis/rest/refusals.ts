import type { Command } from "./arguments.ts";
import { notAllowed, notAvailable } from "./errors.ts";

/**
 * Requests stand alone and share connections, so nothing may change a connection, watch it, or turn it into a stream.
 */
const stateful = new Set(
  `ASKING AUTH DISCARD EXEC HELLO MONITOR MULTI PSUBSCRIBE PSYNC PUNSUBSCRIBE QUIT READONLY READWRITE REPLCONF RESET
  SSUBSCRIBE SUBSCRIBE SUNSUBSCRIBE SYNC UNSUBSCRIBE UNWATCH WATCH`.split(/\s+/),
);

/** The server's own affairs, which a hosted database does not offer. */
const administrative = new Set(
  `ACL BGREWRITEAOF BGSAVE CLUSTER COMMANDLOG CONFIG DEBUG FAILOVER LATENCY MIGRATE MODULE MOVE REPLICAOF ROLE SAVE
  SHUTDOWN SLAVEOF SLOWLOG SWAPDB`.split(/\s+/),
);

/** The error text for a command that is not passed on, or `undefined` when it may run. */
export function refusal([name, ...arguments_]: Command): string | undefined {
  const command = name.toUpperCase();
  if (stateful.has(command)) return notAllowed(command);
  if (administrative.has(command)) return notAvailable(name);
  const first = arguments_[0]?.toString().toUpperCase();
  if (command === "SELECT" && first !== "0") {
    return `ERR Only 0th database is supported! Selected DB: ${first ?? "none"}. See https://upstash.com/docs/redis/overall/rediscompatibility for details`;
  }
  if (command === "CLIENT" && first !== "SETINFO") return notAllowed(`CLIENT ${first ?? ""}`.trim());
  return undefined;
}

/** Commands that are taken and mean nothing here: there is one database, and no connection to describe. */
export const isNothing = ([name]: Command): boolean => /^(select|client)$/i.test(name);

const blocking = new Set("BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN WAIT WAITAOF".split(" "));

/** Would the command hold up everyone behind it on a shared connection? */
export function isBlocking([name, ...arguments_]: Command): boolean {
  const command = name.toUpperCase();
  if (blocking.has(command)) return true;
  if (command !== "XREAD" && command !== "XREADGROUP") return false;
  const options = arguments_.map((argument) => argument.toString().toUpperCase());
  const streamsAt = options.indexOf("STREAMS");
  return options.slice(0, streamsAt < 0 ? undefined : streamsAt).includes("BLOCK");
}
