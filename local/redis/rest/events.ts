import type { ServerResponse } from "node:http";
import type { Backend } from "../backend.ts";
import type { Argument } from "../resp/encode.ts";
import { type Reply, ReplyError, Status } from "../resp/reply.ts";
import { openReplyStream } from "../resp/stream.ts";

/** A line that every client skips, so that whatever lies between keeps a quiet stream open. */
const heartbeatMs = 25_000;
/** A reader this far behind is cut off, as Redis itself cuts off its slow subscribers. */
const maxUnreadBytes = 8 * 1024 * 1024;

export interface EventStreamOptions {
  /** SUBSCRIBE, PSUBSCRIBE or MONITOR with its arguments. */
  command: readonly Argument[];
  headers: readonly string[];
}

/**
 * Serves `/subscribe/…`, `/psubscribe/…` and `/monitor` as server-sent events on a connection of their own, which ends with
 * the request. Frames as Upstash writes them: `data: message,CHANNEL,PAYLOAD`. A payload's further lines are sent as
 * `data:` without the blank: browsers join them, and the JavaScript client, which reads only `data: `, cannot take one for
 * a message. Rejects, with nothing written, when the engine cannot be reached.
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
