import type { ServerResponse } from "node:http";
import type { Backend } from "../backend.ts";
import type { Argument } from "../resp/encode.ts";
import { type Reply, ReplyError, Status } from "../resp/reply.ts";
import { openReplyStream } from "../resp/stream.ts";

/** How often a comment line, which clients skip, keeps proxies from closing a quiet stream. */
const heartbeatMs = 25_000;
/** A client with this many unread bytes is disconnected, as Redis does with slow subscribers. */
const maxUnreadBytes = 8 * 1024 * 1024;

export interface EventStreamOptions {
  /** SUBSCRIBE, PSUBSCRIBE or MONITOR with its arguments. */
  command: readonly Argument[];
  headers: readonly string[];
}

/**
 * Serves `/subscribe/…`, `/psubscribe/…` and `/monitor` as server-sent events, on a separate connection that ends with
 * the request. Frames have Upstash's form, `data: message,CHANNEL,PAYLOAD`. Further lines of a payload begin with
 * `data:` and no space: browsers join them, and the JavaScript client, which reads `data: ` only, does not mistake them
 * for messages. Rejects before anything is written when the engine cannot be reached.
 */
export async function serveEvents(
  backend: Backend,
  response: ServerResponse,
  { command, headers }: EventStreamOptions,
): Promise<void> {
  let heartbeat: NodeJS.Timeout | undefined;
  const stream = await openReplyStream(backend, {
    onReply(reply) {
      if (response.destroyed) return;
      response.write(`data: ${frame(reply).replaceAll("\n", "\ndata:")}\n\n`);
      if (response.writableLength > maxUnreadBytes) response.destroy();
    },
    onClose() {
      clearInterval(heartbeat);
      if (!response.destroyed) response.end();
    },
  });
  if (response.closed) return stream.close();
  response.once("close", stream.close);
  response.writeHead(200, ["Content-Type", "text/event-stream", "Cache-Control", "no-cache", ...headers]);
  response.flushHeaders();
  heartbeat = setInterval(() => response.write(": ping\n\n"), heartbeatMs).unref();
  stream.start(command);
}

// --- Internal helpers ---

function frame(reply: Reply): string {
  if (Array.isArray(reply)) return reply.map(frame).join(",");
  if (reply instanceof Status) return reply.text === "OK" ? '"OK"' : reply.text;
  if (reply instanceof ReplyError) return `error,${reply.text}`;
  return String(reply);
}
