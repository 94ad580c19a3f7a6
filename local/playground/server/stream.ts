import type { StreamEvent } from "../protocol.ts";
import type { Entry, Journal } from "./journal.ts";

export interface StreamOptions {
  journal: Journal;
  person: string;
  /** The last event that the page received, if it had a stream before. */
  lastId: string | undefined;
  /** Returns the events of a stream that begins anew. */
  start(): readonly StreamEvent[];
  /** Aborted when the page is gone. */
  signal: AbortSignal;
  /** Returns whether the server ends. */
  closing: AbortSignal;
}

const beatMs = 20_000;
/** A page that reads so slowly is cut off, and resumes later. */
const maxQueued = 1_000;

/** Returns server-sent events: from the last one on where they are still known, else from the start. */
export function openStream({ journal, person, lastId, start, signal, closing }: StreamOptions): Response {
  const encoder = new TextEncoder();
  let end = () => {};

  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        const send = (event: StreamEvent, id?: string) =>
          write(`${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(event)}\n\n`);
        const follow = ({ id, make }: Entry) => {
          if ((controller.desiredSize ?? 0) < -maxQueued) return end();
          const event = make(person);
          if (event) send(event, id);
        };

        const missed = lastId === undefined ? undefined : journal.after(lastId);
        write("retry: 500\n\n");
        if (missed) for (const entry of missed) follow(entry);
        else {
          const events = start();
          // Only the last has an ID: a page that is cut off before begins anew.
          for (const [index, event] of events.entries())
            send(event, index === events.length - 1 ? journal.last() : undefined);
        }

        const off = journal.on(follow);
        const beat = setInterval(() => write(": still here\n\n"), beatMs).unref();
        end = () => {
          end = () => {};
          off();
          clearInterval(beat);
          // Closed already when the page is gone.
          try {
            controller.close();
          } catch {}
        };
        for (const ended of [signal, closing]) ended.addEventListener("abort", () => end(), { once: true });
      },
      cancel: () => end(),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
    },
  });
}
