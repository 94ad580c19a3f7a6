import { type Argument, byteLength } from "../resp/encode.ts";
import { maxBytes, RestError, tooLarge } from "./errors.ts";

/** A command as the client sent it: its name and its arguments. */
export type Command = readonly [name: string, ...arguments_: Argument[]];

/** `["SET","k","v"]` from the body of `POST /`. */
export function parseCommand(body: Buffer): Command {
  return toCommand(parseArray(body));
}

/** `[["SET","k","v"], …]` from the body of `/pipeline` and `/multi-exec`. */
export function parseCommands(body: Buffer): Command[] {
  const list = parseArray(body);
  if (list.length === 0) throw new RestError(400, "ERR empty pipeline request");
  return list.map((entry) => {
    if (!Array.isArray(entry)) throw new RestError(400, "ERR failed to parse pipeline request: expected JSON array");
    return toCommand(entry);
  });
}

/** `/SET/k/v?EX=100` with an optional body: path segments, then the body, then the query. */
export function parsePath(path: string, query: string, body: Buffer): Command {
  const segments = path.split("/").slice(1);
  const arguments_: Argument[] = segments.map((segment) => decodePercent(segment));
  if (body.length > 0) arguments_.push(body);
  for (const pair of query === "" ? [] : query.split("&")) {
    const [name = "", ...value] = pair.split("=");
    if (name === "_token") continue;
    if (name !== "") arguments_.push(decodePercent(name.replaceAll("+", " ")));
    if (value.length > 0) arguments_.push(decodePercent(value.join("=").replaceAll("+", " ")));
  }
  return checked(arguments_);
}

// --- Internal helpers ---

function parseArray(body: Buffer): unknown[] {
  if (body.length === 0) throw new RestError(400, "EOF");
  const text = body.toString();
  const json = parseJson(text);
  if (!Array.isArray(json)) throw new RestError(400, "ERR failed to parse command: expected JSON array");
  // Numbers lose their text in a double; read again only when there are any.
  return hasNumbers(json) ? (JSON.parse(text, sourceText) as unknown[]) : json;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RestError(400, "ERR failed to parse command: the body is not valid JSON");
  }
}

const hasNumbers = (list: unknown[]): boolean =>
  list.some((item) => typeof item === "number" || (Array.isArray(item) && hasNumbers(item)));

/** Keeps numbers as they were written: `1.0` and integers past 2^53 arrive unchanged. */
const sourceText = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === "number" ? (context?.source ?? String(value)) : value;

function toCommand(list: readonly unknown[]): Command {
  return checked(list.map(toArgument));
}

function toArgument(value: unknown): Argument {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  if (value === null) throw new RestError(400, "ERR null args are not supported");
  throw new RestError(400, `ERR unsupported arg type: "${Array.isArray(value) ? "[" : "{"}" : json.Delim`);
}

function checked([name, ...rest]: Argument[]): Command {
  if (name === undefined || name.length === 0) throw new RestError(400, "ERR empty command");
  let size = byteLength(name);
  for (const argument of rest) size += byteLength(argument);
  if (size > maxBytes) throw new RestError(413, tooLarge(size));
  return [name.toString(), ...rest];
}

/** Percent-decoding into bytes: `%FF` is a byte like any other and need not be UTF-8. */
function decodePercent(segment: string): Argument {
  if (!segment.includes("%")) return segment;
  const parts = segment.split(/%([0-9a-f]{2})/i);
  if (parts.some((part, index) => index % 2 === 0 && part.includes("%"))) {
    throw new RestError(400, `ERR invalid URL escape in "${segment}"`);
  }
  return Buffer.concat(parts.map((part, index) => (index % 2 === 0 ? Buffer.from(part) : Buffer.from(part, "hex"))));
}
