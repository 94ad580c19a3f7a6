import type { ServerResponse } from "node:http";
import { encodeReplies } from "../resp/encode.ts";
import { type Reply, ReplyError } from "../resp/reply.ts";
import { RestError } from "./errors.ts";
import { limited, outcomeJson, outcomesJson } from "./format.ts";
import type { Task } from "./task.ts";

export interface Answer {
  status: number;
  type: "application/json" | "application/octet-stream";
  body: string | Buffer;
}

/** Upstash's header for the state that a client has seen. */
export const syncTokenHeader = "Upstash-Sync-Token";

/** Returns the answer to a task whose commands ran. */
export function answerTo({ mode, format }: Task, replies: readonly Reply[]): Answer {
  const [first = null] = replies;
  // The size does not matter here: a result above the limit is an error with status 200.
  const status = mode === "single" && first instanceof ReplyError ? 400 : 200;
  if (format === "resp2") {
    return { status, type: "application/octet-stream", body: encodeReplies(replies.map(limited)) };
  }
  const body = mode === "single" ? outcomeJson(limited(first), format) : outcomesJson(replies.map(limited), format);
  return { status, type: "application/json", body };
}

/** Returns the answer to a request that was refused, or whose engine has ended or cannot be reached. */
export function answerToFailure(cause: unknown): Answer {
  const text = cause instanceof Error ? cause.message : String(cause);
  const isRefusal = cause instanceof RestError;
  return {
    status: isRefusal ? cause.status : 503,
    type: "application/json",
    body: JSON.stringify({ error: isRefusal ? text : `ERR ${text}` }),
  };
}

/** Writes head and body at once. Does nothing when the client has disconnected. */
export function send(response: ServerResponse, { status, type, body }: Answer, headers: readonly string[]): void {
  if (response.destroyed) return;
  const length = Buffer.byteLength(body);
  response.writeHead(status, ["Content-Type", type, "Content-Length", String(length), ...headers]);
  // A text of one byte a character is ASCII, which takes less to write as Latin-1.
  response.end(body, length === body.length ? "latin1" : "utf8");
}
