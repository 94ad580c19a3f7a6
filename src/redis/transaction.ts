import type { Redis } from "@upstash/redis/cloudflare";
import { type CommandName, commandWords } from "./command-words.ts";
import type { Command } from "./repeatable.ts";

type Queued = Exclude<CommandName, "exec">;

/** Typed commands that are put in line, and then run together or not at all. */
export type Transaction<Results extends readonly unknown[] = []> = {
  [Name in Queued]: (...given: Parameters<Redis[Name]>) => Transaction<[...Results, Awaited<ReturnType<Redis[Name]>>]>;
} & {
  /** Runs the commands. Returns their replies in order; throws when Redis refuses one of them. */
  exec(): Promise<Results>;
};

export function createTransaction(send: (commands: readonly Command[]) => Promise<unknown[]>): Transaction {
  const queue: Command[] = [];
  const transaction: Record<string, unknown> = {};
  for (const [name, word] of commandWords) {
    transaction[name] = (...given: unknown[]) => {
      queue.push(word(given));
      return transaction;
    };
  }
  transaction["exec"] = () => send(queue);
  return transaction as unknown as Transaction;
}
