import { resolve } from "node:path";
import { createMistake, type Mistake, titles } from "./mistake.ts";
import { projectPath } from "./project-path.ts";

// What wrangler reports where a Worker cannot be built, read or started, as mistakes.

/** A message of esbuild, and of wrangler's readers of settings. */
interface Message {
  text: string;
  location?: { file?: string; line: number; column: number } | null;
}

/** Esbuild's columns count from 0. */
export function buildMistake(cause: unknown): Mistake {
  const [first, ...others] = messagesOf(cause);
  if (!first) return createMistake(titles.build, messageOf(cause));
  const text = [first.text, ...others.map((other) => other.text)].join("\n");
  return createMistake(titles.build, text, placeOf(first, 1));
}

/** Returns the mistake for which wrangler does not begin: in the settings, or in the entry point, which it reads with them. */
export function settingsMistake(error: unknown, root: string): Mistake {
  if (messagesOf(error).length > 0) return buildMistake(error);
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const { location, text = messageOf(cause) } = cause as Partial<Message>;
  // "Processing wrangler.toml configuration:" stands above the fault in question.
  const sentence = text.replace(/^Processing .* configuration:\s*-?/, "").trim();
  const place = location && placeOf({ text, location: { ...location, file: "wrangler.toml" } }, 0);
  return createMistake(titles.settings, sentence.replaceAll(`${root}/`, ""), place ?? "wrangler.toml");
}

/** Reads what workerd said: `service core:user:sandpiper: Uncaught Error: early\n  at src/bot/ping.ts:1:7`. */
export function startMistake(message: string): Mistake {
  // The log is JSON, in which a quote has a backslash before it.
  const uncaught = /Uncaught (.*?)(?:\\n|\n|(?<!\\)",|$)/.exec(message)?.[1]?.replaceAll('\\"', '"');
  const places = [...message.matchAll(/\bsrc\/[^\s:]+:\d+:\d+/g)].map(([place]) => place);
  // The runtime refuses declarations on behalf of the feature that calls it.
  const place = places.find((one) => one.startsWith("src/bot/")) ?? places[0];
  const sentence = (uncaught ?? message).replace(/^Error: /, "").replace(/ https:\/\/\S+$/, "");
  // A thrown value that is no error has no place, and may be as short as a digit.
  return createMistake(titles.start, place === undefined && uncaught ? `Uncaught ${sentence}` : sentence, place);
}

// --- Internal helpers ---

function messagesOf(cause: unknown): Message[] {
  const { errors, cause: inner } = Object(cause) as { errors?: Message[]; cause?: { errors?: Message[] } };
  return errors ?? inner?.errors ?? [];
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

function placeOf({ location }: Message, columnsFrom: 0 | 1): string | undefined {
  if (!location?.file) return undefined;
  return `${projectPath(process.cwd(), resolve(location.file))}:${location.line}:${location.column + columnsFrom}`;
}
