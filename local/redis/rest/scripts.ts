import { createHash } from "node:crypto";
import { type Argument, toText } from "../resp/encode.ts";
import { type Reply, ReplyError } from "../resp/reply.ts";
import type { Command } from "./arguments.ts";

/**
 * Upstash's Lua flag `allow-key-locking`, which @upstash/ratelimit puts on its scripts and no other engine knows. It is
 * dropped; the engine then knows the script by another SHA1, so each is translated into the other.
 */
export interface Scripts {
  /** A command that names or brings a script, as the engine takes it. */
  toEngine(command: Command): Command;
  /** The engine's answer, with the SHA1 that the client expects. */
  toClient(reply: Reply, command: Command): Reply;
}

const shebang = /^#!lua[^\n]*/;

export function createScripts(): Scripts {
  /** SHA1 of the script as the client wrote it, to the one of what the engine got. */
  const engineShas = new Map<string, string>();

  function strip(script: Argument): Argument {
    const text = toText(script);
    const line = shebang.exec(text)?.[0];
    if (!line?.includes("allow-key-locking")) return script;
    const stripped = withoutFlag(line) + text.slice(line.length);
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

/** Does the command run code whose own calls are billed as well? */
export const runsScript = (name: string): boolean => /^(EVAL|EVALSHA|FCALL)(_RO)?$/.test(name);

// --- Internal helpers ---

const subcommandOf = ([name, first]: Command): string | undefined =>
  name.toUpperCase() === "SCRIPT" && first !== undefined ? toText(first).toUpperCase() : undefined;

/** `#!lua flags=allow-key-locking,no-writes` loses the one flag, or the whole list when it was alone. */
const withoutFlag = (line: string): string =>
  line.replace(/\s+flags=(\S*)/, (_all, flags: string) => {
    const left = flags.split(",").filter((flag) => flag !== "allow-key-locking");
    return left.length > 0 ? ` flags=${left.join(",")}` : "";
  });

const sha1 = (script: Argument): string => createHash("sha1").update(script).digest("hex");
