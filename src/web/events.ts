import { type Context, Hono } from "hono";
import { type Clock, systemClock } from "../platform/index.ts";
import {
  InvalidChannelError,
  isStreamId,
  MessageTooLargeError,
  PublishUncertainError,
  type Pubsub,
  type Step,
} from "../pubsub/index.ts";
import { admin } from "./admin.ts";
import { eventStream, type ServerEvent } from "./event-stream.ts";

export interface EventsOptions {
  /** The request's pubsub. */
  pubsub(c: Context): Pubsub;
  /** Guards both routes; they answer 404 when there is none. */
  adminToken(c: Context): string | undefined;
  /** Told when a message was published, for what comes of it. */
  onPublished?(c: Context, channel: string): void;
  clock?: Clock;
  /** The most a body may have, in bytes. */
  maxBodyBytes?: number;
  /** How often the bus is asked while events come, and while none do. */
  fastMs?: number;
  slowMs?: number;
  heartbeatMs?: number;
  stallMs?: number;
  /** One response lasts so long; with the polls of a free plan's 50 subrequests in mind. */
  maxMs?: number;
}

/** Channels and patterns of one response. */
const maxPatterns = 50;

/**
 * Live events: `GET /?channel=a&channel=b.*` as server-sent events, `POST /:channel` to publish. The id of an event is its stream
 * id, and comes with heartbeats too: with `Last-Event-ID` nothing is lost and nothing comes twice, and what was trimmed away
 * meanwhile is told by a `gap` event. Costs 1 command per poll, or per publish; 3 with `Idempotency-Key`.
 *
 * @example
 * app.route("/admin/api/events", createEventsApp({ pubsub: (c) => invoke(c).pubsub, adminToken: (c) => … }));
 */
export function createEventsApp({
  pubsub,
  adminToken,
  onPublished = () => {},
  clock = systemClock,
  maxBodyBytes = 64 * 1024,
  fastMs = 500,
  slowMs = 5_000,
  heartbeatMs = 15_000,
  stallMs = 30_000,
  maxMs = 120_000,
}: EventsOptions): Hono {
  const app = new Hono();
  app.use(admin(adminToken));

  app.get("/", (c) => {
    const patterns = [...new Set(c.req.queries("channel") ?? [])];
    const problem = problemOf(patterns);
    if (problem !== undefined) return c.json({ error: problem }, 400);
    // Browsers send the header; what cannot set headers asks by the query.
    const after = c.req.header("Last-Event-ID") ?? c.req.query("lastEventId");
    if (after !== undefined && !isStreamId(after)) {
      return c.json({ error: "Last-Event-ID is no id that this stream gave out" }, 400);
    }
    const abort = new AbortController();
    const steps = pubsub(c).steps(patterns, {
      fastMs,
      slowMs,
      signal: abort.signal,
      ...(after !== undefined && { after }),
    });
    const body = eventStream(eventsOf(steps), { clock, stallMs, heartbeatMs, maxMs, stop: () => abort.abort() });
    return c.body(body, 200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
    });
  });

  app.post("/:channel", async (c) => {
    const body = await readBody(c.req.raw, maxBodyBytes);
    if (body === undefined) return c.json({ error: `the body has more than ${maxBodyBytes} bytes` }, 413);
    const data = parse(body);
    if ("error" in data) return c.json(data, 400);
    const key = c.req.header("Idempotency-Key");
    if (key !== undefined && !/^[\x21-\x7e]{1,128}$/.test(key)) {
      return c.json({ error: "Idempotency-Key has 1 to 128 visible ASCII characters" }, 400);
    }
    const type = c.req.query("type") ?? "message";
    if (!/^[\w.:-]{1,64}$/.test(type)) {
      return c.json({ error: "type has 1 to 64 letters, digits, or any of . : - _" }, 400);
    }
    const channel = c.req.param("channel");
    try {
      if (key === undefined) {
        const published = await pubsub(c).publish(channel, data.value, { type });
        onPublished(c, channel);
        return c.json(published, 202);
      }
      const { id, isRepeated } = await pubsub(c).publishOnce(channel, data.value, { key, type });
      if (!isRepeated) onPublished(c, channel);
      return c.json({ id, isRepeated }, isRepeated ? 200 : 202);
    } catch (error) {
      if (error instanceof InvalidChannelError) return c.json({ error: error.message }, 400);
      if (error instanceof MessageTooLargeError) return c.json({ error: error.message }, 413);
      if (error instanceof PublishUncertainError) {
        return c.json({ error: "it may or may not have been published; send it again with the same key" }, 503);
      }
      throw error;
    }
  });

  return app;
}

// --- Internal helpers ---

function problemOf(patterns: readonly string[]): string | undefined {
  if (patterns.length === 0) return "name at least one channel: ?channel=all&channel=guild.*";
  if (patterns.length > maxPatterns) return `${maxPatterns} channels are the most`;
  const wrong = patterns.find((pattern) => !/^[\x21-\x7e]{1,128}$/.test(pattern));
  return wrong === undefined ? undefined : `${JSON.stringify(wrong)} names no channel`;
}

/** Only an id, where nothing came: the client remembers it, and shows nothing. */
async function* eventsOf(steps: AsyncIterable<Step>): AsyncGenerator<ServerEvent, void, void> {
  let known: string | undefined;
  for await (const step of steps) {
    if (step.type === "message") {
      const { streamId, ...message } = step.message;
      known = streamId;
      yield { id: streamId, data: message };
    } else if (step.type === "gap") {
      yield { event: "gap", data: { after: step.after, before: step.before, missed: step.missed ?? null } };
    } else if (step.streamId !== known) {
      known = step.streamId;
      yield { id: step.streamId, comment: "so far" };
    }
  }
}

/** The body as text; nothing when it is larger than it may be, however large it says it is. */
async function readBody(request: Request, maxBytes: number): Promise<string | undefined> {
  if (Number(request.headers.get("Content-Length") ?? 0) > maxBytes) return undefined;
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parse(text: string): { value: unknown } | { error: string } {
  if (text.trim() === "") return { error: "the body is empty: send JSON" };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { error: `the body is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
