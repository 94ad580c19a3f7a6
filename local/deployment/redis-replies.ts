import { compareAndDelete, compareAndSwap, type RedisCommands } from "../../src/redis/index.ts";

/** What to do about a database that hides it. */
export const repliesCure =
  "Take a database whose SET … NX GET, SET … IFEQ and DELEX answer as those of Redis 8.4: here two isolates would get the same lease.";

export type ProbedCommands = Pick<RedisCommands, "set" | "eval" | "exec">;

/**
 * Returns the command that hides the stored value where its condition fails, or `undefined` when none does. Leases, claims and
 * cooldowns take a null for a key that was free: a server that answers so to a rival would grant them twice.
 * The key expires within 10 s, and is removed. Cost: 6 commands, 6 round trips; more where scripts stand in.
 */
export async function hiddenBy(commands: ProbedCommands, key: string): Promise<string | undefined> {
  const px = 10_000;
  await commands.set(key, "1", { px });
  if ((await commands.set(key, "2", { nx: true, get: true, px })) !== "1") return "SET … NX GET";
  if ((await compareAndSwap(commands, { key, value: "2", expected: "0", px })) !== "1") return "SET … IFEQ … GET";
  if ((await compareAndSwap(commands, { key, value: "2", expected: "1", px })) !== "1") return "SET … IFEQ … GET";
  if (await compareAndDelete(commands, key, "1")) return "DELEX … IFEQ";
  return (await compareAndDelete(commands, key, "2")) ? undefined : "DELEX … IFEQ";
}
