import type { Redis } from "@upstash/redis/cloudflare";
import { type CommandName, commandWords } from "./command-words.ts";
import { RedisReplyError } from "./errors.ts";
import { counting, readCounted } from "./meter.ts";
import type { Command } from "./repeatable.ts";
import { createTransaction, type Transaction } from "./transaction.ts";
import type { Mode, Reply } from "./transport.ts";

/**
 * The SDK's typed commands whose raw reply matches their type. The SDK's deserialisation would turn some snowflakes into
 * numbers, and shape the replies of the commands left out (`hgetall` would return a flat list typed as an object): send those
 * with `exec`, and read the reply as RESP2 defines it.
 *
 * A part takes the narrowest slice it calls, such as `Pick<RedisCommands, "get" | "set">`.
 */
export interface RedisCommands extends Pick<Redis, CommandName> {
  /** Begins a transaction: `multi().incr(a).incr(b).exec()`. */
  multi(): Transaction;
}

/** Adds commands to the batch and resolves with their replies. */
export type Submit = (mode: Mode, commands: readonly Command[]) => Promise<Reply[]>;

/**
 * Returns the typed commands of one invocation, sent by `submit`. `onCalls` is told how many calls each script made; without
 * it scripts are sent as they are.
 */
export function createCommands(submit: Submit, onCalls?: (calls: number) => void): RedisCommands {
  async function results(mode: Mode, commands: readonly Command[]): Promise<unknown[]> {
    const replies = await submit(mode, commands);
    return replies.map(({ result, error }, index) => {
      if (error === undefined) return result;
      throw new RedisReplyError(String(commands[index]?.[0]).toUpperCase(), error);
    });
  }

  async function countedResult([name = "", script, ...rest]: Command): Promise<unknown> {
    const [result] = await results("pipeline", [[name, counting(String(script)), ...rest]]);
    const { calls, reply } = readCounted(result);
    onCalls?.(calls);
    return reply;
  }

  const commands: Record<string, unknown> = {
    multi: () => createTransaction((list) => results("multi-exec", list)),
  };
  for (const [name, word] of commandWords) {
    const isScript = onCalls !== undefined && (name === "eval" || name === "evalRo");
    commands[name] = isScript
      ? async (...given: unknown[]) => countedResult(word(given))
      : async (...given: unknown[]) => (await results("pipeline", [word(given)]))[0];
  }
  return commands as unknown as RedisCommands;
}
