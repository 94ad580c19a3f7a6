import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { canView, LineError, type PickedFile, type Simulator } from "../../discord/index.ts";
import type { MessagesView, StreamEvent } from "../protocol.ts";
import type { createAct } from "./act.ts";
import { isId, readAct, readAgain, readControl } from "./act-schema.ts";
import { sendAgain } from "./again.ts";
import type { Controls } from "./controls.ts";
import { copyExchange } from "./copied/copy-exchange.ts";
import type { Exchange, Exchanges } from "./exchanges.ts";
import type { Journal } from "./journal.ts";
import type { Messages } from "./message-view.ts";
import type { Pending } from "./pending.ts";
import { peopleOf } from "./people-views.ts";
import { openSession, saveSession } from "./session.ts";
import { openStream } from "./stream.ts";
import type { WorldClock } from "./world-clock.ts";

export interface ApiOptions {
  simulator: Simulator;
  clock: WorldClock;
  journal: Journal;
  messages: Messages;
  pending: Pending;
  exchanges: Exchanges;
  controls: Controls;
  act: ReturnType<typeof createAct>;
  /** Returns the events with which a person's stream begins. */
  start(person: string): readonly StreamEvent[];
  closing: AbortSignal;
  /** Called when a saved session has taken the place of the present one. */
  onOpened(): void;
}

/** The most that the page sends: files, and a saved session. */
const maxBytes = 32 * 1_048_576;

/** Returns the API of the page. See `protocol.ts`. */
export function apiRoutes(options: ApiOptions): Hono {
  const { simulator, clock, journal, messages, pending, exchanges, controls, act, start, closing, onOpened } = options;
  const { world } = simulator;
  const app = new Hono();

  app.use(bodyLimit({ maxSize: maxBytes, onError: (c) => c.json({ error: "That is more than 32 MB." }, 413) }));
  app.use(async (c, next) => {
    await next();
    c.res.headers.set("X-Content-Type-Options", "nosniff");
    if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "no-store");
  });
  app.onError((error, c) => {
    if (error instanceof LineError) return c.json({ error: error.message }, 400);
    if (error instanceof Refused) return c.json({ error: error.message }, error.status);
    throw error;
  });

  function personOf(c: Context): string {
    const id = c.req.query("person") ?? peopleOf(world)[0]?.id;
    const user = isId(id) ? world.users.get(id) : undefined;
    if (!user || user.bot) throw new Refused(404, "There is no such person.");
    return user.id;
  }

  function channelOf(c: Context, person: string): string {
    const id = c.req.query("channel");
    if (!isId(id) || !canView(world, person, id)) throw new Refused(403, "That person cannot see that channel.");
    return id;
  }

  function exchangeOf(c: Context): Exchange {
    const exchange = exchanges.get(c.req.param("id") ?? "");
    if (!exchange) throw new Refused(404, "That exchange is no longer kept.");
    return exchange;
  }

  app.get("/stream", (c) => {
    const person = personOf(c);
    const lastId = c.req.header("Last-Event-ID");
    return openStream({ journal, person, lastId, start: () => start(person), signal: c.req.raw.signal, closing });
  });

  app.get("/messages", (c) => {
    const person = personOf(c);
    const channel = channelOf(c, person);
    const before = c.req.query("before");
    if (before !== undefined && !isId(before)) throw new LineError("before: not an ID.");
    const view: MessagesView = { ...messages.page(person, channel, before), pending: pending.in(person, channel) };
    return c.json(view);
  });

  app.post("/act", async (c) => {
    const personId = personOf(c);
    const channelId = channelOf(c, personId);
    const { body, files } = await readForm(c);
    return c.json(await act({ personId, channelId, files }, readAct(body)));
  });

  app.get("/exchanges/:id", (c) => c.json(exchangeOf(c).view));
  app.get("/exchanges/:id/copied", async (c) => c.json(await copyExchange(simulator, exchanges, exchangeOf(c))));
  app.post("/exchanges/:id/again", async (c) =>
    c.json({ exchanges: sendAgain(simulator, exchangeOf(c), readAgain(await readJson(c))) }),
  );

  app.get("/controls", (c) => c.json(controls.view()));
  app.post("/controls", async (c) => {
    await controls.act(readControl(await readJson(c)));
    return c.json(controls.view());
  });

  app.get("/session", (c) =>
    c.json(saveSession(simulator, exchanges, clock.now()), 200, {
      "Content-Disposition": 'attachment; filename="sandpiper-session.json"',
    }),
  );
  app.post("/session", async (c) => {
    const opened = openSession(simulator, exchanges, await readJson(c));
    onOpened();
    return c.json(opened);
  });

  // The app that this one is mounted in would not ask its own `notFound`.
  app.all("*", (c) => c.json({ error: "There is no such thing here." }, 404));
  return app;
}

// --- Internal helpers ---

class Refused extends Error {
  override readonly name = "Refused";
  readonly status: 403 | 404 | 415;
  constructor(status: Refused["status"], message: string) {
    super(message);
    this.status = status;
  }
}

async function readJson(c: Context): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(c.req.header("Content-Type") ?? ""))
    throw new Refused(415, "The body must be JSON, and say so: Content-Type: application/json.");
  return c.req.json().catch(() => {
    throw new LineError("The body is not JSON.");
  });
}

/** Reads JSON, or form data with `payload` and files. A browser says of what origin a page is that sends form data. */
async function readForm(c: Context): Promise<{ body: unknown; files: ReadonlyMap<string, PickedFile> }> {
  if (!/^multipart\/form-data\b/i.test(c.req.header("Content-Type") ?? "")) {
    return { body: await readJson(c), files: new Map() };
  }
  const { origin, host } = new URL(c.req.url);
  const from = c.req.header("Origin");
  if (from !== origin && from !== `http://${c.req.header("Host") ?? host}`)
    throw new Refused(403, "Form data is taken from this server's own page alone.");
  const form = await c.req.formData().catch(() => {
    throw new LineError("The body is not form data.");
  });
  const files = new Map<string, PickedFile>();
  for (const [name, value] of form) {
    if (typeof value === "string") continue;
    files.set(name, { name: value.name, type: value.type, data: new Uint8Array(await value.arrayBuffer()) });
  }
  const payload = form.get("payload");
  try {
    return { body: JSON.parse(typeof payload === "string" ? payload : ""), files };
  } catch {
    throw new LineError("payload: not JSON.");
  }
}
