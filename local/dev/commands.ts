import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { compileCacheOf } from "../compile-cache.ts";
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

/** Reads the commands that the features of the project declare. */
export interface CommandReader {
  /**
   * Returns the commands as the files are now. `saved`: the files that were saved last, which a mistake is most likely in.
   * Does not reject.
   */
  read(saved: readonly string[]): Promise<ReadCommands>;
  /** Ends what is being read. */
  stop(): void;
}

/**
 * Makes a reader that starts a process for each reading, which imports the features: a process imports a module once, and code
 * that does not end must not end the world.
 */
export function createCommandReader(root: string): CommandReader {
  const scratch = mkdtempSync(join(tmpdir(), "sandpiper-"));
  const stopping = new AbortController();

  /** Runs a module, and returns what it writes to one of its files. */
  function outputOf(file: 2 | 3, module: string): Promise<string> {
    const child = spawn(process.execPath, [module], {
      cwd: root,
      stdio: ["ignore", "ignore", file === 2 ? "pipe" : "ignore", file === 3 ? "pipe" : "ignore"],
      // The unchanged files are most, and need not be compiled again.
      env: { ...createEnvironment(scratch), NODE_COMPILE_CACHE: compileCacheOf(root) },
      signal: stopping.signal,
      killSignal: "SIGKILL",
    });
    // One that cannot be started, or is aborted, writes nothing.
    child.once("error", () => {});
    return text(child.stdio[file] as Readable);
  }

  return {
    async read(saved) {
      // Features may print: the finding has a pipe to itself.
      const finding = await outputOf(3, join(root, "local/dev/read-commands.ts"));
      if (!finding.endsWith("}")) {
        // Node warns of the place of an await that ends a process, where the module is the first or imported statically.
        const warnings = await outputOf(2, join(root, "src/bot/features.ts"));
        return { mistake: unsettledMistake(warnings, root), isOfCode: true };
      }
      const found = JSON.parse(finding) as Finding;
      if ("commands" in found) return found;
      if ("endless" in found) return { mistake: endlessMistake(found.endless, root), isOfCode: true };
      return commandsMistake(found.error, root, saved);
    },
    stop() {
      stopping.abort();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
