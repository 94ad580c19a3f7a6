import { createHash } from "node:crypto";
import type { Argument } from "../resp/encode.ts";
import type { Command } from "./arguments.ts";

/**
 * Upstash's Lua flag `allow-key-locking`, which @upstash/ratelimit puts on its scripts and which no other engine knows.
 * The flag is dropped, so the engine knows the script by another SHA1: both are remembered.
 */
export interface Scripts {
  /** The command as the engine takes it. */
  toEngine(command: Command): Command;
  /** The SHA1 a client was told, or knows, for one of the engine's. */
  toClient(engineSha: string, command: Command): string;
}

const shebang = /^#!lua([^\n]*)/;

export function createScripts(): Scripts {
  /** The client's SHA1 to the engine's, for scripts whose text was changed. */
  const engineShas = new Map<string, string>();

  function strip(script: Argument): Argument {
    const text = script.toString();
    if (!shebang.test(text) || !text.includes("allow-key-locking")) return script;
    const stripped = text.replace(shebang, (_line, rest: string) => `#!lua${withoutFlag(rest)}`);
    engineShas.set(sha1(text), sha1(stripped));
    return stripped;
  }

  const mapped = (sha: Argument): Argument => engineShas.get(sha.toString().toLowerCase()) ?? sha;

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
        case "SCRIPT":
          if (/^load$/i.test(first.toString())) return [name, first, ...rest.map(strip)];
          if (/^exists$/i.test(first.toString())) return [name, first, ...rest.map(mapped)];
          return command;
        default:
          return command;
      }
    },
    toClient(engineSha, [, , script]) {
      const own = script === undefined ? undefined : sha1(script.toString());
      return own !== undefined && engineShas.get(own) === engineSha ? own : engineSha;
    },
  };
}

/** Does the command run code on the server, whose own calls are billed as well? */
export const runsScript = ([name]: Command): boolean => /^(eval|evalsha|fcall)(_ro)?$/i.test(name);

function withoutFlag(options: string): string {
  return options.replace(/\s*flags=(\S*)/, (_all, flags: string) => {
    const left = flags.split(",").filter((flag) => flag !== "" && flag !== "allow-key-locking");
    return left.length > 0 ? ` flags=${left.join(",")}` : "";
  });
}

const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex");
