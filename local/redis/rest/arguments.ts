import { type Argument, byteLength, toText } from "../resp/encode.ts";
import { maxCommandBytes, RestError, tooLarge } from "./errors.ts";

/** A command as the client sent it: its name, then its arguments. */
export type Command = readonly [name: string, ...arguments_: Argument[]];

/** Returns the command in the body of `POST /`, such as `["SET","k","v"]`. Throws a `RestError`. */
export const parseCommand = (body: Buffer): Command => toCommand(parseArray(body), body);

/** Returns the commands in the body of `/pipeline` or `/multi-exec`: `[["SET","k","v"], …]`. Throws a `RestError`. */
export function parseCommands(body: Buffer): Command[] {
  const list = parseArray(body);
  if (list.length === 0) throw new RestError(400, "ERR empty pipeline request");
  return list.map((entry) => {
    if (!Array.isArray(entry)) throw new RestError(400, "expected JSON array");
    return toCommand(entry, body);
  });
}

/** Returns the command of a path such as `/SET/k/v?EX=100`: the segments, then the body unchanged, then the query. */
export function parsePath(path: string, query: string, body: Buffer): Command {
  const list: Argument[] = path.slice(1).split("/").map(decodePercent);
  if (body.length > 0) list.push(body);
  for (const pair of query === "" ? [] : query.split("&")) {
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    if (name === "_token" || pair === "") continue;
    list.push(decodeQuery(name));
    if (equals >= 0) list.push(decodeQuery(pair.slice(equals + 1)));
  }
  return checked(list);
}

// --- Internal helpers ---

/** A number whose text a double would change: `1.0`, `1e3`, `-0`. A match in a string costs time only. */
const unusualNumber = /\d[.eE]|-0/;

function parseArray(body: Buffer): unknown[] {
  if (body.length === 0) throw new RestError(400, "EOF");
  const text = body.toString();
  const list = parseJson(text);
  if (!Array.isArray(list)) throw new RestError(400, "expected JSON array");
  const isUnusual = unusualNumber.test(text);
  const mayChange = hasNumber(list, (number) => isUnusual || !Number.isSafeInteger(number));
  return mayChange ? (parseJson(text, sourceText) as unknown[]) : list;
}

function parseJson(text: string, reviver?: Reviver): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch {
    // Also reached by arrays nested too deep for the reviver.
    throw new RestError(400, "ERR failed to parse command: the body is not JSON");
  }
}

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

/** Looks at a command and at the commands of a pipeline. Arrays inside a command are refused later. */
const hasNumber = (list: readonly unknown[], which: (number: number) => boolean): boolean =>
  list.flat().some((item) => typeof item === "number" && which(item));

/** Keeps the text of a number, so that `1.0` and integers past 2^53 arrive unchanged. */
const sourceText: Reviver = (_key, value, context) =>
  typeof value === "number" ? (context?.source ?? String(value)) : value;

function toCommand(list: readonly unknown[], body: Buffer): Command {
  const words = list.map(toArgument);
  // JSON is no shorter than the texts in it: only what comes in a large body can be too large.
  return hasName(words) && body.length <= maxCommandBytes ? words : checked(words);
}

const hasName = (words: readonly string[]): words is [string, ...string[]] => words[0] !== undefined && words[0] !== "";

function toArgument(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null) throw new RestError(400, "ERR null args are not supported");
  throw new RestError(400, `ERR unsupported arg type: "${Array.isArray(value) ? "[" : "{"}" : json.Delim`);
}

function checked([name, ...rest]: readonly Argument[]): Command {
  if (name === undefined || name.length === 0) throw new RestError(400, "ERR empty command");
  let bytes = byteLength(name);
  for (const argument of rest) bytes += byteLength(argument);
  if (bytes > maxCommandBytes) throw new RestError(413, tooLarge(bytes));
  return [toText(name), ...rest];
}

const decodeQuery = (text: string): Argument => decodePercent(text.replaceAll("+", " "));

/** Decodes percent escapes into bytes, which need not be UTF-8. The rest of a path is ASCII. */
function decodePercent(segment: string): Argument {
  if (!segment.includes("%")) return segment;
  const parts = segment.split(/%([0-9a-f]{2})/i);
  if (parts.some((part, index) => index % 2 === 0 && part.includes("%"))) {
    throw new RestError(400, `ERR invalid URL escape in "${segment}"`);
  }
  return Buffer.concat(parts.map((part, index) => Buffer.from(part, index % 2 === 0 ? "ascii" : "hex")));
}
