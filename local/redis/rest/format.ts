import { encodeReply } from "../resp/encode.ts";
import { type Reply, ReplyError, Status } from "../resp/reply.ts";

/** How a client wants its answer: `Upstash-Encoding: base64` and `Upstash-Response-Format: resp2`. */
export interface Format {
  base64: boolean;
  resp2: boolean;
}

/** The JSON of one outcome, `{"result":…}` or `{"error":…}`. */
export const outcomeJson = (reply: Reply, base64: boolean): string =>
  reply instanceof ReplyError
    ? `{"error":${JSON.stringify(reply.text)}}`
    : `{"result":${isPlainOk(reply) ? '"OK"' : valueJson(reply, base64)}}`;

/** Outcomes of a pipeline, one after the other. */
export const outcomesJson = (replies: readonly Reply[], base64: boolean): string =>
  `[${replies.map((reply) => outcomeJson(reply, base64)).join(",")}]`;

export const outcomesResp2 = (replies: readonly Reply[]): Buffer => Buffer.concat(replies.map(encodeReply));

/** The one string that base64 leaves alone: the status reply OK at the top. A bulk "OK" is encoded like any other. */
const isPlainOk = (reply: Reply): boolean => reply instanceof Status && reply.text === "OK";

function valueJson(reply: Reply, base64: boolean): string {
  if (reply === null) return "null";
  if (typeof reply === "number" || typeof reply === "bigint") return String(reply);
  if (Array.isArray(reply)) return `[${reply.map((item) => valueJson(item, base64)).join(",")}]`;
  if (reply instanceof Status || reply instanceof ReplyError) return textJson(Buffer.from(reply.text), base64);
  return textJson(reply, base64);
}

/** Without base64, bytes that are no UTF-8 become U+FFFD. */
function textJson(bytes: Uint8Array, base64: boolean): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return base64 ? `"${buffer.toString("base64")}"` : JSON.stringify(buffer.toString());
}
