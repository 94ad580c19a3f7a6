import type { Clock } from "../platform/index.ts";

/** One event of a `text/event-stream`. */
export interface ServerEvent {
  /** The browser sends it back as `Last-Event-ID`. */
  id?: string;
  /** Default: "message". */
  event?: string;
  data?: unknown;
  comment?: string;
  /** Tells the browser when to come back after the stream has ended, in milliseconds. */
  retryMs?: number;
}

export interface EventStreamOptions {
  clock: Clock;
  /** A client that takes nothing for this long is cut off, in milliseconds. */
  stallMs: number;
  /** A comment is sent after this long without an event, in milliseconds. */
  heartbeatMs: number;
  /** The stream ends after this, in milliseconds. The client comes back with `Last-Event-ID`. */
  maxMs: number;
  /** Called when the stream has ended. */
  stop(): void;
}

/**
 * Returns an event as text. Its data is JSON, which has no line breaks.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function formatEvent({ id, event, data, comment, retryMs }: ServerEvent): string {
  const lines = [
    comment !== undefined && `: ${comment}`,
    retryMs !== undefined && `retry: ${retryMs}`,
    event !== undefined && `event: ${event}`,
    id !== undefined && `id: ${id}`,
    data !== undefined && `data: ${JSON.stringify(data)}`,
  ];
  return `${lines.filter((line) => line !== false).join("\n")}\n\n`;
}

/**
 * Returns events as a response body. It asks for the next event when the client took the last, so that a slow client
 * costs no memory. A client that stalls is cut off, which `hono/streaming` does not do. The stream ends with its source, after
 * `maxMs`, or with an `error` event when the source fails.
 */
export function eventStream(
  source: AsyncIterator<ServerEvent>,
  { clock, stallMs, heartbeatMs, maxMs, stop }: EventStreamOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const endsAt = clock.now() + maxMs;
  /** The event that was asked for. It outlasts a heartbeat. */
  let coming: Promise<IteratorResult<ServerEvent>> | undefined;
  let taken = new AbortController();
  let isOver = false;

  function end(): void {
    isOver = true;
    taken.abort();
    stop();
  }

  /** Returns the next event or a heartbeat; undefined at the end. */
  async function next(): Promise<ServerEvent | undefined> {
    const leftMs = endsAt - clock.now();
    if (leftMs <= 0) return undefined;
    coming ??= source.next();
    const waiting = new AbortController();
    const ran = clock.sleep(Math.min(heartbeatMs, leftMs), waiting.signal).then(() => "late" as const);
    const first = await Promise.race([coming, ran]).finally(() => waiting.abort());
    if (first === "late") return clock.now() >= endsAt ? undefined : { comment: "still here" };
    coming = undefined;
    return first.done === true ? undefined : first.value;
  }

  return new ReadableStream(
    {
      async pull(controller) {
        taken.abort();
        let event: ServerEvent | undefined;
        try {
          event = await next();
        } catch {
          controller.enqueue(encoder.encode(formatEvent({ event: "error", data: { error: "events ended early" } })));
        }
        if (isOver) return;
        if (event === undefined) {
          end();
          controller.close();
          return;
        }
        controller.enqueue(encoder.encode(formatEvent(event)));
        const { signal } = (taken = new AbortController());
        void clock.sleep(stallMs, signal).then(() => {
          if (signal.aborted) return;
          end();
          controller.error(new Error("the client took nothing for too long"));
        });
      },
      cancel: end,
    },
    { highWaterMark: 1 },
  );
}
