import type { IncomingMessage } from "node:http";
import { type Command, parseCommand, parseCommands, parsePath } from "./arguments.ts";
import { RestError } from "./errors.ts";
import { type Format, readFormat } from "./format.ts";

/** The commands of a request, how to run them, and the format of the answer. */
export interface Task {
  mode: "single" | "pipeline" | "multi-exec";
  commands: readonly Command[];
  format: Format;
}

/** Returns the task of a request in any form: JSON body, path, `/pipeline` or `/multi-exec`. Throws a `RestError`. */
export function readTask({ method, headers }: IncomingMessage, path: string, query: string, body: Buffer): Task {
  switch (path) {
    case "/pipeline":
      return { mode: "pipeline", format: readFormat(headers), commands: parseCommands(body) };
    case "/multi-exec": {
      // The documentation says that transactions ignore the response format.
      const format = headers["upstash-encoding"] === "base64" ? "base64" : "json";
      return { mode: "multi-exec", format, commands: parseCommands(body) };
    }
    default: {
      const isJson = path === "/" && (method === "POST" || method === "PUT");
      const command = isJson ? parseCommand(body) : parsePath(path, query, body);
      return { mode: "single", format: readFormat(headers), commands: [command] };
    }
  }
}

/** Returns the command of `/subscribe/…`, `/psubscribe/…` or `/monitor`; `undefined` for any other path. */
export function readStreamCommand(path: string): Command | undefined {
  if (!/^\/(p?subscribe|monitor)(\/|$)/.test(path)) return undefined;
  const [name, ...channels] = parsePath(path, "", Buffer.alloc(0));
  if (name === "monitor") return ["MONITOR"];
  if (channels.length === 0) throw new RestError(400, `ERR wrong number of arguments for '${name}' command`);
  return [name.toUpperCase(), ...channels];
}

/** Splits `/GET/k?_token=t` into `/GET/k` and `_token=t`. */
export function splitUrl(url: string): [path: string, query: string] {
  const at = url.indexOf("?");
  return at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
}
