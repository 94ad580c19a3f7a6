import { type Reply, ReplyError, Status } from "../resp/reply.ts";
import type { Command } from "./arguments.ts";

/** Allowed with a read-only token although the engine does not list them as reads: they show no data. */
const harmless = new Set(["ECHO", "PING", "TIME"]);
/** Reads of the whole database, which Upstash denies to read-only tokens. */
const sweeping = new Set(["KEYS", "SCAN"]);

/** Returns the error for the first command that a read-only token may not run, or `undefined`. */
export function readOnlyRefusal(commands: readonly Command[], reads: ReadonlySet<string>): ReplyError | undefined {
  for (const [name] of commands) {
    const upper = name.toUpperCase();
    if (harmless.has(upper) || (reads.has(upper) && !sweeping.has(upper))) continue;
    return new ReplyError(`NOPERM this user has no permissions to run the '${name.toLowerCase()}' command`);
  }
  return undefined;
}

/** Returns the names of the commands that only read, from the reply to COMMAND: `[[name, arity, [flag, …], …], …]`. */
export function readOnlyNames(list: Reply | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  for (const entry of Array.isArray(list) ? list : []) {
    if (!Array.isArray(entry)) continue;
    const [name, , flags] = entry;
    const isRead = Array.isArray(flags) && flags.some((flag) => flag instanceof Status && flag.text === "readonly");
    if (isRead && name instanceof Buffer) names.add(name.toString().toUpperCase());
  }
  return names;
}
