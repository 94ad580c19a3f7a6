import type { RequestEvent } from "../../redis/index.ts";

const maxArgument = 120;
const maxLine = 1_000;

/** Returns a command as one line: `SET sp:c:user:1 {"id":"1"… PX 60000`. Long arguments, such as scripts, are cut. */
export function redisText(command: RequestEvent["commands"][number]): string {
  const line = command.map((argument) => shorten(argument.toString())).join(" ");
  return line.length <= maxLine ? line : `${line.slice(0, maxLine)}…`;
}

// --- Internal helpers ---

function shorten(text: string): string {
  const flat = text.replaceAll(/\s+/g, " ");
  return flat.length <= maxArgument ? flat : `${flat.slice(0, maxArgument)}…`;
}
