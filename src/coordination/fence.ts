import { type Clock, systemClock } from "../platform/index.ts";
import type { RedisCommands } from "../redis/index.ts";
import { fenced, runCommands } from "./fence.lua.ts";
import { createKeys } from "./keys.ts";
import { type Grant, holderOf } from "./lease.ts";

/**
 * The outcome of a fenced write. `lapsed`: the writer may not act on the lease any more, by its own clock or since it gave
 * the lease up, and nothing was sent. `superseded`: Redis refused, since `by` has the token `newest`.
 */
export type Fenced<T> =
  | { accepted: true; reply: T }
  | { accepted: false; reason: "lapsed" }
  | { accepted: false; reason: "superseded"; by: string; newest: number };

/** A command, and the keys that it touches. */
export interface FencedCommand {
  keys: readonly string[];
  command: readonly (string | number)[];
}

/**
 * Writes for the holder of a lease. Redis compares the holder's token with the newest one right before the write,
 * atomically. A late write, from a holder that froze or over a slow network, changes nothing once the next holder has its
 * token.
 *
 * Redis accepts writes in the order of their tokens, also after it lost some of what it had acknowledged (a failover, a
 * flush, a restored backup). If it lost the newest token itself, the first write under that token brings it back, and
 * later tokens are greater. Writes that Redis loses stay lost, and their writers are not told.
 */
export interface Fence {
  readonly token: number;
  /**
   * Runs commands in one script. A command that fails ends the script; the effects of those before it stay.
   * Cost: 2 commands and those given, 1 round trip; 1 more command where Redis lost the token, 3 where its key is replaced; 0 after the writer's own deadline.
   */
  write(...commands: readonly FencedCommand[]): Promise<Fenced<unknown[]>>;
  /**
   * Runs a Lua script, whose own KEYS begin at 2 and ARGV at 3.
   * Cost: 2 commands and the script's calls, 1 round trip; 1 more command where Redis lost the token, 3 where its key is
   * replaced; 0 after the writer's own deadline.
   */
  run<T>(script: string, keys: readonly string[], args: readonly (string | number)[]): Promise<Fenced<T>>;
}

/**
 * Returns a function that writes one command through the fence and returns its reply. It throws when the lease has
 * moved on.
 */
export const writeThrough =
  (fence: Fence) =>
  async (write: FencedCommand): Promise<unknown> => {
    const written = await fence.write(write);
    if (!written.accepted) throw new Error(`No longer leader: ${written.reason}.`);
    return written.reply[0];
  };

/** The commands that a fence sends. */
export type FenceCommands = Pick<RedisCommands, "eval">;

export interface FenceOptions {
  grant: Grant;
  redis(): FenceCommands;
  prefix: string;
  /** Default: the machine's. */
  clock?: Pick<Clock, "now">;
  /** Returns whether the writer may act on the lease now. Default: until the grant's deadline. */
  isHeld?(): boolean;
  /** Called when Redis refused: the lease is lost, even before its deadline. */
  onRefused?(): void | Promise<void>;
}

/**
 * Makes the fence of a lease that is held. Throws a `RangeError` for a grant whose token no lease gave.
 * Cost: 0 commands.
 */
export function createFence({
  grant,
  redis,
  prefix,
  clock = systemClock,
  isHeld = () => clock.now() < grant.actUntil,
  onRefused = () => {},
}: FenceOptions): Fence {
  const stream = createKeys(prefix).tokens(grant.name);
  if (!Number.isSafeInteger(grant.token) || grant.token <= 0) {
    throw new RangeError(`A fencing token is a whole number above 0, not ${grant.token}.`);
  }

  const run: Fence["run"] = async <T>(script: string, keys: readonly string[], args: readonly (string | number)[]) => {
    if (!isHeld()) return { accepted: false, reason: "lapsed" };
    const reply = await redis().eval<unknown[], [1, T] | [0, holder: string, newest: string]>(
      fenced(script),
      [stream, ...keys],
      [grant.value, grant.token, ...args],
    );
    if (reply[0] === 1) return { accepted: true, reply: reply[1] };
    await onRefused();
    const [, holder, newest] = reply;
    return { accepted: false, reason: "superseded", by: holderOf(holder), newest: Number(newest) };
  };

  return {
    token: grant.token,
    run,
    write: (...commands) =>
      run<unknown[]>(
        runCommands,
        [...new Set(commands.flatMap(({ keys }) => keys))],
        commands.flatMap(({ command }) => [command.length, ...command]),
      ),
  };
}
