import type { Clock } from "../platform/index.ts";

/** One event of a `text/event-stream`. */
export interface ServerEvent {
  /** The browser sends it back as `Last-Event-ID`. */
  id?: string;
  /** `message` when left out. */
  event?: string;
  data?: unknown;
  comment?: string;
}

export interface EventStreamOptions {
  clock: Clock;
  /** A client that takes nothing for so long is cut off. */
  stallMs: number;
  /** Nothing was sent for so long: a comment is. */
  heartbeatMs: number;
  /** It ends after this; the client comes back with `Last-Event-ID`. */
  maxMs: number;
  /** Called once, when nobody reads any more. */
  stop(): void;
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation; JSON has no line breaks. */
export function formatEvent({ id, event, data, comment }: ServerEvent): string {
  const lines = [
    comment !== undefined && `: ${comment}`,
    event !== undefined && `event: ${event}`,
    id !== undefined && `id: ${id}`,
    data !== undefined && `data: ${JSON.stringify(data)}`,
  ];
  return `${lines.filter((line) => line !== false).join("\n")}\n\n`;
}

/**
 * Events as a body, one at a time: the next is asked for when the client took the last, so that a slow one costs no memory;
 * one that stalls is cut off, and any one after `maxMs`. A failure of the source is told as an `error` event, and ends it.
 */
export function eventStream(
  source: AsyncIterator<ServerEvent>,
  { clock, stallMs, heartbeatMs, maxMs, stop }: EventStreamOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const endsAt = clock.now() + maxMs;
  /** Asked for, and not here yet: a heartbeat does not lose it. */
  let coming: Promise<IteratorResult<ServerEvent>> | undefined;
  let taken = new AbortController();
  let isOver = false;

  function end(): void {
    isOver = true;
    taken.abort();
    stop();
  }

  /** The next event, or a heartbeat, or nothing more. */
  async function next(): Promise<ServerEvent | undefined> {
    const leftMs = endsAt - clock.now();
    if (leftMs <= 0) return undefined;
    coming ??= source.next();
    // Whoever was cut off does not wait for it any more.
    coming.catch(() => {});
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
