import type { IncomingHttpHeaders } from "node:http";
import { type Reply, ReplyError, Status } from "../resp/reply.ts";
import { maxCommandBytes, RestError, tooLarge } from "./errors.ts";

/** The form of an answer: JSON, JSON with base64 strings, or RESP2. */
export type Format = "json" | "base64" | "resp2";

/** Returns the format that the headers ask for. Throws a `RestError` for a combination that Upstash refuses. */
export function readFormat(headers: IncomingHttpHeaders): Format {
  const isBase64 = headers["upstash-encoding"] === "base64";
  const wanted = headers["upstash-response-format"] ?? "json";
  if (wanted !== "json" && wanted !== "resp2") {
    throw new RestError(400, "ERR Upstash-Response-Format must be json or resp2");
  }
  if (wanted === "resp2" && isBase64) throw new RestError(400, "ERR a resp2 answer cannot be base64-encoded");
  return wanted === "resp2" ? "resp2" : isBase64 ? "base64" : "json";
}

/** Returns `{"result":…}` or `{"error":…}`. */
export function outcomeJson(reply: Reply, format: Format): string {
  if (reply instanceof ReplyError) return `{"error":${JSON.stringify(reply.text)}}`;
  // The only string that base64 leaves unchanged. A bulk "OK" is encoded, and so is an OK inside an array: the
  // JavaScript client decodes every string there.
  if (reply instanceof Status && reply.text === "OK") return '{"result":"OK"}';
  return `{"result":${valueJson(reply, format)}}`;
}

/** Returns the outcomes of a pipeline or a transaction. */
export function outcomesJson(replies: readonly Reply[], format: Format): string {
  let json = "[";
  for (const reply of replies) json += `${json.length > 1 ? "," : ""}${outcomeJson(reply, format)}`;
  return `${json}]`;
}

/** Returns the reply, or an error when it is larger than Upstash's limit for one result. */
export function limited(reply: Reply): Reply {
  if (reply instanceof Buffer ? reply.length <= maxCommandBytes : !Array.isArray(reply)) return reply;
  const bytes = sizeOf(reply);
  return bytes > maxCommandBytes ? new ReplyError(tooLarge(bytes)) : reply;
}

// --- Internal helpers ---

function valueJson(reply: Reply, format: Format): string {
  if (reply instanceof Buffer) return textJson(reply, format);
  if (reply === null) return "null";
  if (typeof reply === "number" || typeof reply === "bigint") return String(reply);
  if (reply instanceof Status || reply instanceof ReplyError) return textJson(Buffer.from(reply.text), format);
  let json = "[";
  for (const item of reply) json += `${json.length > 1 ? "," : ""}${valueJson(item, format)}`;
  return `${json}]`;
}

/** Without base64, bytes that are not UTF-8 become U+FFFD. */
const textJson = (bytes: Buffer, format: Format): string =>
  format === "base64" ? `"${bytes.toString("base64")}"` : JSON.stringify(bytes.toString());

function sizeOf(reply: Reply): number {
  if (reply instanceof Buffer) return reply.length;
  if (!Array.isArray(reply)) return 8;
  let bytes = 0;
  for (const item of reply) bytes += sizeOf(item);
  return bytes;
}
