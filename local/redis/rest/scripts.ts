import { createHash } from "node:crypto";
import { type Argument, toText } from "../resp/encode.ts";
import { type Reply, ReplyError } from "../resp/reply.ts";
import type { Command } from "./arguments.ts";
import { keyLock } from "./key-lock.ts";

/**
 * Does what Upstash's Lua flag `allow-key-locking` asks, which @upstash/ratelimit sets and other engines do not know: the
 * script may use the keys in KEYS alone. The engine then has another SHA1 for the script, and each SHA1 is translated
 * into the other.
 */
export interface Scripts {
  /** Returns a command with a script or a SHA1 as the engine expects it. */
  toEngine(command: Command): Command;
  /** Returns the engine's reply with the SHA1 that the client expects. */
  toClient(reply: Reply, command: Command): Reply;
}

const shebang = /^#!lua[^\n]*/;

export function createScripts(): Scripts {
  /** From the SHA1 of the client's script to the SHA1 of the engine's. */
  const engineShas = new Map<string, string>();

  function strip(script: Argument): Argument {
    const text = toText(script);
    const line = shebang.exec(text)?.[0];
    if (!line?.includes("allow-key-locking")) return script;
    const body = text.slice(line.length);
    // A script without a second line is empty.
    const stripped = withoutFlag(line) + (body === "" ? "" : `\n${keyLock}${body.slice(1)}`);
    engineShas.set(sha1(text), sha1(stripped));
    return stripped;
  }

  const mapped = (sha: Argument): Argument => engineShas.get(toText(sha).toLowerCase()) ?? sha;

  return {
    toEngine(command) {
      const [name, first, ...rest] = command;
      if (first === undefined) return command;
      switch (name.toUpperCase()) {
        case "EVAL":
        case "EVAL_RO":
          return [name, strip(first), ...rest];
        case "EVALSHA":
        case "EVALSHA_RO":
          return [name, mapped(first), ...rest];
        default:
          return [name, first, ...rest.map(subcommandOf(command) === "LOAD" ? strip : mapped)];
      }
    },
    toClient(reply, command) {
      if (reply instanceof ReplyError) return reply;
      const [, , script] = command;
      return subcommandOf(command) === "LOAD" && script !== undefined ? Buffer.from(sha1(script)) : reply;
    },
  };
}

/** Returns whether a command runs a script, whose calls are billed as well. */
export const runsScript = (name: string): boolean => /^(EVAL|EVALSHA|FCALL)(_RO)?$/.test(name);

// --- Internal helpers ---

const subcommandOf = ([name, first]: Command): string | undefined =>
  name.toUpperCase() === "SCRIPT" && first !== undefined ? toText(first).toUpperCase() : undefined;

/** Removes the flag from `#!lua flags=allow-key-locking,no-writes`, and the whole list when no flag remains. */
const withoutFlag = (line: string): string =>
  line.replace(/\s+flags=(\S*)/, (_all, flags: string) => {
    const left = flags.split(",").filter((flag) => flag !== "allow-key-locking");
    return left.length > 0 ? ` flags=${left.join(",")}` : "";
  });

const sha1 = (script: Argument): string => createHash("sha1").update(script).digest("hex");
