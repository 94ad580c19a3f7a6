import { stripVTControlCharacters } from "node:util";
import type { Command } from "../../../local/command-line.ts";

/** Runs a command in this process. Resolves with its exit code and what it printed. */
export async function runCommandIn(command: Command, args: readonly string[], env: Record<string, string> = {}) {
  const printed = { out: "", err: "" };
  const code = await command({
    args,
    env,
    out: (text) => void (printed.out += stripVTControlCharacters(text)),
    err: (text) => void (printed.err += stripVTControlCharacters(text)),
  });
  return { code, ...printed };
}
