import { type Clock, systemClock } from "../platform/index.ts";
import type { RedisCommands } from "../redis/index.ts";
import { fenced, runCommands } from "./fence.lua.ts";
import { createKeys } from "./keys.ts";
import { type Grant, holderOf } from "./lease.ts";

/**
 * `lapsed`: our own deadline has passed, nothing was sent. `superseded`: Redis refused, since `by` holds the lease now, or
 * nobody, or a token newer than ours was minted.
 */
export type Fenced<T> =
  | { accepted: true; reply: T }
  | { accepted: false; reason: "lapsed" }
  | { accepted: false; reason: "superseded"; by: string | null; newest: number };

/** A command, and the keys it touches. */
export interface FencedCommand {
  keys: readonly string[];
  command: readonly (string | number)[];
}

/**
 * Writes in the name of a lease. Redis itself compares the lease and its newest token right before the write, atomically:
 * what a holder sends late, because it froze or its request lay about, changes nothing once the lease has moved on.
 */
export interface Fence {
  readonly token: number;
  /** Runs commands all together; billed as 2 and the commands, in 1 round trip. One that fails ends the script; those before it stay. */
  write(...commands: readonly FencedCommand[]): Promise<Fenced<unknown[]>>;
  /** Runs a Lua script, whose own KEYS and ARGV begin at 3; billed as 2 and its calls, in 1 round trip. */
  run<T>(script: string, keys: readonly string[], args: readonly (string | number)[]): Promise<Fenced<T>>;
}

/** The same for whoever runs one command by a function: its reply, or an error that says that the lease has moved on. */
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
  clock?: Pick<Clock, "now">;
  /** Called when Redis refused: the lease is lost, whatever its deadline says. */
  onRefused?(): void | Promise<void>;
}

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
