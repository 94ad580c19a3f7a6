import { type Argument, byteLength } from "../resp/encode.ts";
import type { Reply } from "../resp/reply.ts";
import type { Command } from "./arguments.ts";
import { keyTooLarge } from "./errors.ts";

/** Upstash's limit for a key. */
export const maxKeyBytes = 32 * 1024;

/** Returns the error for each command with a key that is too large, by its place; asks the engine for the keys. */
export async function findLargeKeys(
  commands: readonly Command[],
  send: (commands: readonly (readonly Argument[])[]) => Promise<readonly Reply[]>,
): Promise<ReadonlyMap<number, string>> {
  const suspects = [...commands.entries()].filter(([, command]) => command.some(isLarge));
  const replies = await send(suspects.map(([, command]) => ["COMMAND", "GETKEYS", ...command.map(shortened)]));
  const errors = new Map<number, string>();
  for (const [at, [place, command]] of suspects.entries()) {
    const reply = replies[at];
    // A command without keys, and a command unknown to the engine, is answered with an error.
    const keys = new Set(Array.isArray(reply) ? reply.map(String) : []);
    const large = command.find((argument, index) => isLarge(argument) && keys.has(standIn(index)));
    if (large !== undefined) errors.set(place, keyTooLarge(byteLength(large), maxKeyBytes));
  }
  return errors;
}

/** Returns whether a command has an argument that would be too large for a key. */
export const hasLargeArgument = (command: Command): boolean => command.some(isLarge);

// --- Internal helpers ---

/** A character takes at most three bytes for each of its units. */
const isLarge = (argument: Argument): boolean =>
  argument.length * 3 > maxKeyBytes && byteLength(argument) > maxKeyBytes;

/** A large argument is data or a key, so that another text in its place changes nothing about where the keys are. */
const shortened = (argument: Argument, index: number): Argument => (isLarge(argument) ? standIn(index) : argument);

const standIn = (index: number): string => `\0large argument ${index}`;
