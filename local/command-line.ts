import { UsageError } from "./redis/command-line.ts";

// How every command of a person reads its options, reports mistakes and ends.

export {
  type Command,
  createCommand,
  type Given,
  parseCommandLine,
  readPort,
  reportError,
  runCommand,
  runHere,
  type Shell,
  UsageError,
} from "./redis/command-line.ts";

/** Returns a Discord ID. Throws a `UsageError` for anything else, without the text, which may be a misplaced token. */
export function readSnowflake(name: string, text: string): string {
  if (/^\d{17,20}$/.test(text)) return text;
  throw new UsageError(`${name} takes an ID of 17 to 20 digits.`);
}

/** Returns an HTTP address without slashes at its end. Throws a `UsageError` for anything else. */
export function readUrl(name: string, text: string): string {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, "");
  throw new UsageError(`${name} takes an address such as http://127.0.0.1:8788, not "${text}".`);
}
