import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { type Clock, isNestedDeeperThan, readLimited, reasonOf, systemClock } from "../platform/index.ts";
import { isStreamId, type Pubsub, type Step } from "../pubsub/index.ts";
import { admin } from "./admin.ts";
import { eventStream, type ServerEvent } from "./event-stream.ts";
import { insteadOf, refusalOf } from "./refusals.ts";

export interface EventsOptions {
  /** Returns the request's pubsub. */
  pubsub(c: Context): Pubsub;
  /** Returns the token that guards both routes. They answer 404 when it is undefined. */
  adminToken(c: Context): string | undefined;
  /** Returns whether a request without the token may pass all the same, such as one of a browser that logged in. Default: none may. */
  isLoggedIn?(c: Context): Promise<boolean>;
  /** Returns how many more requests the request's invocation may send: a response ends before it runs out. Default: no limit. */
  left?(c: Context): number;
  /** Returns a sentence about a failure to publish that is not the caller's: the answer is 503. Default: it is thrown on. */
  explain?(error: unknown): string | undefined;
  /** Called when a message was published. */
  onPublished?(c: Context, channel: string): void;
  /** Default: the machine's. */
  clock?: Clock;
  /** The largest body, in bytes. Default: 65,536. */
  maxBodyBytes?: number;
  /** Between polls after an event came, in milliseconds. Default: 500. */
  fastMs?: number;
  /** Between polls when no event comes, in milliseconds. Default: 5,000. */
  slowMs?: number;
  /** A comment is sent after this long without an event, in milliseconds. Default: 15,000. */
  heartbeatMs?: number;
  /** A client that takes nothing for this long is cut off, in milliseconds. Default: 30,000. */
  stallMs?: number;
  /** A response ends after this, in milliseconds, or when no more requests are left. Default: 120,000. */
  maxMs?: number;
}

/** The shortest time between polls that a client may ask for while nothing comes, in milliseconds. */
const fastestSlowMs = 1_000;
/** The most channels and patterns of one response. */
const maxPatterns = 50;

/**
 * Makes the routes of live events: `GET /?channel=a&channel=b.*` sends server-sent events, `POST /:channel` publishes.
 * `slowMs` has it poll more often, or less, while nothing comes.
 * The id of an event is its stream id, and heartbeats carry it too: a client that sends `Last-Event-ID` misses nothing
 * and gets nothing twice. A `gap` event says that messages were trimmed meanwhile.
 * An `Idempotency-Key` belongs to its channel: with another body or type it answers 422.
 *
 * A response ends in good order after `maxMs`, and before its invocation has no request left: after half a minute of a busy bus
 * on the free plan. The client is asked to come back after a second, and does so with `Last-Event-ID`.
 * An hour of one stream costs about 700 commands while nothing comes, and at most 7,200; a stream that is never closed 500,000 a
 * month, which is Upstash's free month.
 *
 * @example
 * app.route("/admin/api/events", createEventsApp({ pubsub: (c) => c.var.services.pubsub, adminToken: () => token }));
 *
 * Cost: 1 command, 1 round trip per poll or publish; 3 commands, 2 round trips with `Idempotency-Key`.
 */
export function createEventsApp({
  pubsub,
  adminToken,
  isLoggedIn = async () => false,
  left = () => Number.POSITIVE_INFINITY,
  explain = () => undefined,
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
  app.use(admin(adminToken, isLoggedIn));

  app.get("/", async (c) => {
    const patterns = [...new Set(c.req.queries("channel") ?? [])];
    const problem = problemOf(patterns);
    if (problem !== undefined) return c.json({ error: problem }, 400);
    // Browsers send the header; a client that cannot set headers uses the query.
    const after = c.req.header("Last-Event-ID") ?? c.req.query("lastEventId");
    if (after !== undefined && !isStreamId(after)) {
      return c.json({ error: "Last-Event-ID is not an id of this stream" }, 400);
    }
    const asked = c.req.query("slowMs");
    const isPace = asked === undefined || (/^\d{1,5}$/.test(asked) && Number(asked) >= fastestSlowMs);
    if (!isPace) return c.json({ error: `slowMs is a whole number from ${fastestSlowMs}` }, 400);
    const abort = new AbortController();
    const steps = pubsub(c).steps(patterns, {
      fastMs,
      slowMs: asked === undefined ? slowMs : Number(asked),
      signal: abort.signal,
      left: () => left(c),
      after,
    });
    // A failure that lasts is the answer. One that may pass is an event of the stream, after which the client comes back.
    const first = steps.next();
    const refusal = await first.then(() => undefined, refusalOf);
    if (refusal) return c.json({ error: refusal.error }, refusal.status);
    const body = eventStream(eventsOf(first, steps), { clock, stallMs, heartbeatMs, maxMs, stop: () => abort.abort() });
    return c.body(body, 200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
    });
  });

  app.post("/:channel", async (c) => {
    const body = await readLimited(c.req.raw, maxBodyBytes);
    if (body === undefined) return c.json({ error: `the body has more than ${maxBodyBytes} bytes` }, 413);
    const data = parse(body);
    if ("error" in data) return c.json(data, 400);
    const key = c.req.header("Idempotency-Key");
    if (key !== undefined && !/^[\x21-\x7e]{1,128}$/.test(key)) {
      return c.json({ error: "Idempotency-Key must have 1 to 128 visible ASCII characters" }, 400);
    }
    const type = c.req.query("type") ?? "message";
    if (!/^[\w.:-]{1,64}$/.test(type)) {
      return c.json({ error: "type must have 1 to 64 letters, digits, or any of . : - _" }, 400);
    }
    const channel = c.req.param("channel");
    const instead = insteadOf(channel);
    if (instead !== undefined) {
      return c.json({ error: `only the bot publishes to ${JSON.stringify(channel)}: ${instead}` }, 403);
    }
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
      const refusal = refusalOf(error);
      if (refusal) return c.json({ error: refusal.error }, refusal.status);
      const explanation = explain(error);
      if (explanation === undefined) throw error;
      return c.json({ error: explanation }, 503);
    }
  });

  return app;
}

// --- Internal helpers ---

function problemOf(patterns: readonly string[]): string | undefined {
  if (patterns.length === 0) return "name at least one channel: ?channel=all&channel=guild.*";
  if (patterns.length > maxPatterns) return `at most ${maxPatterns} channels are allowed`;
  const wrong = patterns.find((pattern) => !/^[\x21-\x7e]{1,128}$/.test(pattern));
  return wrong === undefined ? undefined : `${JSON.stringify(wrong)} is no channel`;
}

/** A client comes back after this long, in milliseconds. */
const retryMs = 1_000;

async function* continued<T>(first: Promise<IteratorResult<T, void>>, rest: AsyncGenerator<T, void, void>) {
  const result = await first;
  if (result.done === true) return;
  yield result.value;
  yield* rest;
}

/** A comment with an id when nothing came: the client remembers the id, and shows nothing. */
async function* eventsOf(
  first: Promise<IteratorResult<Step, void>>,
  rest: AsyncGenerator<Step, void, void>,
): AsyncGenerator<ServerEvent, void, void> {
  let known: string | undefined;
  for await (const step of continued(first, rest)) {
    const begin = known === undefined && { retryMs };
    if (step.type === "message") {
      const { streamId, ...message } = step.message;
      known = streamId;
      yield { ...begin, id: streamId, data: message };
    } else if (step.type === "gap") {
      yield { event: "gap", data: { after: step.after, before: step.before, missed: step.missed ?? null } };
    } else if (step.streamId !== known) {
      known = step.streamId;
      yield { ...begin, id: step.streamId, comment: "so far" };
    }
  }
}

/** Readers of events recurse into them. */
const maxNesting = 100;

function parse(body: Uint8Array): { value: unknown } | { error: string } {
  const text = new TextDecoder().decode(body);
  if (text.trim() === "") return { error: "the body is empty: send JSON" };
  try {
    const value: unknown = JSON.parse(text);
    if (isNestedDeeperThan(maxNesting, text)) return { error: `the body is nested more than ${maxNesting} deep` };
    const inexact = inexactNumberIn(text);
    return inexact === undefined
      ? { value }
      : { error: `${inexact} is not exact as a JSON number: send it as a string, as Discord sends its ids` };
  } catch (error) {
    return { error: `the body is not JSON: ${reasonOf(error)}` };
  }
}

/**
 * Returns a number that reading would change, such as a snowflake, which `JSON.parse` rounds. It is refused and not kept as
 * text: a reader would meet a string where the publisher sent a number, and only for some ids.
 */
function inexactNumberIn(json: string): string | undefined {
  const found = json.match(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g) ?? [];
  return found.find((token) => !token.startsWith('"') && !isExact(token))?.slice(0, 40);
}

const isExact = (digits: string): boolean =>
  /^-?\d+$/.test(digits) ? Number.isSafeInteger(Number(digits)) : Number.isFinite(Number(digits));
