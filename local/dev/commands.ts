import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { commandsMistake, endlessMistake, unsettledMistake } from "./commands-mistake.ts";
import { createEnvironment } from "./environment.ts";
import type { Mistake } from "./mistake.ts";

/** A command as Discord registers it. */
export interface CommandBody {
  type: number;
  name: string;
  [field: string]: unknown;
}

/** What read-commands.ts finds: the commands, an error, or the stack of code that does not end. */
export type Finding =
  | { commands: CommandBody[] }
  | { error: { name: string; message: string; stack: string; code?: string } }
  | { endless: string };

export type ReadCommands =
  | { commands: CommandBody[] }
  /** `isOfCode`: the code was read without a fault, and failed when it ran. */
  | { mistake: Mistake; isOfCode: boolean };

/**
 * Returns the commands that the features of the project declare, as its files are now. A process of its own imports them:
 * a module is imported once in the life of a process, and code that does not end must not end the world.
 *
 * `saved`: the files that were saved last, which a mistake is most likely in.
 */
export async function readCommands(root: string, saved: readonly string[], signal: AbortSignal): Promise<ReadCommands> {
  // Features may print: the finding has a pipe to itself.
  const finding = await outputOf(3, root, join(import.meta.dirname, "read-commands.ts"), signal);
  if (finding === "") {
    // Node warns of the place of an await that ends a process, where the module is the first or imported statically.
    const warnings = await outputOf(2, root, join(root, "src/bot/features.ts"), signal);
    return { mistake: unsettledMistake(warnings, root), isOfCode: true };
  }
  const found = JSON.parse(finding) as Finding;
  if ("commands" in found) return found;
  if ("endless" in found) return { mistake: endlessMistake(found.endless, root), isOfCode: true };
  return commandsMistake(found.error, root, saved);
}

// --- Internal helpers ---

/** Runs a module, and returns what it writes to one of its files. */
function outputOf(file: 2 | 3, root: string, module: string, signal: AbortSignal): Promise<string> {
  const child = spawn(process.execPath, [module], {
    cwd: root,
    stdio: ["ignore", "ignore", file === 2 ? "pipe" : "ignore", file === 3 ? "pipe" : "ignore"],
    env: createEnvironment(tmpdir()),
    signal,
    killSignal: "SIGKILL",
  });
  // One that cannot be started, or is aborted, writes nothing.
  child.once("error", () => {});
  return text(child.stdio[file] as Readable);
}
