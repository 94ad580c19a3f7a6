import type { IncomingMessage, ServerResponse } from "node:http";
import type { Backend } from "../backend.ts";
import { connectStream } from "../resp/client.ts";
import { type Reply, ReplyError, Status } from "../resp/reply.ts";

export type StreamKind = "subscribe" | "psubscribe" | "monitor";

/** A line that browsers and clients ignore, so that proxies keep a quiet stream open. */
const heartbeatMs = 25_000;

/**
 * `/subscribe/…`, `/psubscribe/…` and `/monitor` as server-sent events, on a connection of their own that ends with the
 * request. Frames as Upstash writes them: `data: message,CHANNEL,PAYLOAD`.
 */
export async function serveStream(
  backend: Backend,
  kind: StreamKind,
  channels: readonly (string | Uint8Array)[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-cache",
    "Access-Control-Allow-Origin": request.headers.origin ?? "*",
  });
  response.flushHeaders();
  const heartbeat = setInterval(() => response.write(": ping\n\n"), heartbeatMs);
  let closeConnection = () => {};
  response.once("close", () => {
    clearInterval(heartbeat);
    closeConnection();
  });
  closeConnection = await connectStream(
    backend,
    [kind.toUpperCase(), ...channels],
    (reply) => void response.write(`data: ${frame(reply, kind)}\n\n`),
    () => response.end(),
  );
  if (response.closed) closeConnection();
}

function frame(reply: Reply, kind: StreamKind): string {
  if (reply instanceof Status) return kind === "monitor" && reply.text === "OK" ? '"OK"' : reply.text;
  return text(reply);
}

function text(reply: Reply): string {
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString();
  if (reply instanceof Status || reply instanceof ReplyError) return reply.text;
  return Array.isArray(reply) ? reply.map(text).join(",") : String(reply);
}
