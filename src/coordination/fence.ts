import { type Clock, systemClock } from "../platform/index.ts";
import type { RedisCommands } from "../redis/index.ts";
import { fenced, runCommands } from "./fence.lua.ts";
import { createKeys } from "./keys.ts";
import { type Grant, holderOf } from "./lease.ts";

/**
 * The outcome of a fenced write. `lapsed`: the writer's own deadline has passed, and nothing was sent. `superseded`:
 * Redis refused, since the lease is free, or `by` holds it, or a newer token was minted.
 */
export type Fenced<T> =
  | { accepted: true; reply: T }
  | { accepted: false; reason: "lapsed" }
  | { accepted: false; reason: "superseded"; by: string | null; newest: number };

/** A command, and the keys that it touches. */
export interface FencedCommand {
  keys: readonly string[];
  command: readonly (string | number)[];
}

/**
 * Writes for the holder of a lease. Redis compares the lease and its newest token right before the write, atomically: a
 * late write, from a holder that froze or over a slow network, changes nothing once the lease has moved on.
 */
export interface Fence {
  readonly token: number;
  /**
   * Runs commands in one script. A command that fails ends the script; the effects of those before it stay.
   * Cost: 2 commands and those given, 1 round trip; 0 after the writer's own deadline.
   */
  write(...commands: readonly FencedCommand[]): Promise<Fenced<unknown[]>>;
  /**
   * Runs a Lua script, whose own KEYS and ARGV begin at 3.
   * Cost: 2 commands and the script's calls, 1 round trip; 0 after the writer's own deadline.
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
  /** Called when Redis refused: the lease is lost, even before its deadline. */
  onRefused?(): void | Promise<void>;
}

/** Makes the fence of a lease that is held. Cost: 0 commands. */
export function createFence({ grant, redis, prefix, clock = systemClock, onRefused = () => {} }: FenceOptions): Fence {
  const names = createKeys(prefix);

  const run: Fence["run"] = async <T>(script: string, keys: readonly string[], args: readonly (string | number)[]) => {
    if (clock.now() >= grant.actUntil) return { accepted: false, reason: "lapsed" };
    const [isAccepted, first, newest] = await redis().eval<unknown[], [0 | 1, unknown, string | null | undefined]>(
      fenced(script),
      [names.lease(grant.name), names.token(grant.name), ...keys],
      [grant.value, grant.token, ...args],
    );
    if (isAccepted === 1) return { accepted: true, reply: first as T };
    await onRefused();
    const by = typeof first === "string" ? holderOf(first) : null;
    return { accepted: false, reason: "superseded", by, newest: Number(newest ?? 0) };
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
