import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import type { APIApplicationCommand, APIMessage } from "discord-api-types/v10";
import { Hono } from "hono";
import type { Clock, Context } from "./context.ts";
import { controlRoutes } from "./control.ts";
import { isVisible } from "./interactions/availability.ts";
import { buildPing } from "./interactions/build.ts";
import type { Which } from "./interactions/components.ts";
import { type Delivery, deliver } from "./interactions/deliver.ts";
import { LineError } from "./interactions/line-error.ts";
import type { Entered } from "./interactions/modals.ts";
import type { PickedFile } from "./interactions/picked-files.ts";
import { type InteractionRecord, untilChanged } from "./interactions/record.ts";
import { createSigningKeys, type SigningKeys } from "./keys.ts";
import { createPeople, type From } from "./people.ts";
import { createRestApi } from "./rest/api.ts";
import { overwriteCommands } from "./rest/commands.ts";
import type { RestFault } from "./rest/faults.ts";
import { createSnowflakes } from "./snowflake.ts";
import { type EventDelivery, eventBody, sendEvent } from "./webhook-events.ts";
import { applicationId, createSeededWorld } from "./world/seed.ts";
import { commandsOf, messagesOf, type World } from "./world/world.ts";

export interface SimulatorOptions {
  /** Where the Worker takes interactions. */
  interactionsUrl: string;
  /** Where it takes webhook events; beside the interactions when left out. */
  webhookEventsUrl?: string;
  /** What the urls of attachments begin with; where the simulator is served when left out. */
  publicUrl?: string;
  keys?: SigningKeys;
  clock?: Clock;
  fetch?: typeof fetch;
}

/** What a person sees after an interaction, and what Discord would keep to itself. */
export interface Transcript extends Delivery {
  /** The messages in answer: the original as it is now, then the follow-ups. */
  messages: APIMessage[];
}

export interface Simulator {
  readonly applicationId: string;
  readonly publicKey: string;
  readonly botToken: string;
  readonly interactionsUrl: string;
  readonly world: World;
  /** Everything over HTTP: Discord's REST API under `/api/v10`, the control routes under `/simulator`. */
  readonly app: Hono;
  /** Registers these commands globally, in place of those before, by Discord's rules. */
  registerCommands(declarations: readonly object[]): void;
  commands(): APIApplicationCommand[];
  /**
   * Types a slash command; `files` are picked for its options of files. A deferred answer is waited for. This and all below
   * throw `LineError` for what a person could not do in Discord.
   */
  command(line: string, from?: From, files?: Readonly<Record<string, PickedFile>>): Promise<Transcript>;
  /** Types a line whose last option Discord asks the Worker to complete. */
  autocomplete(line: string, from?: From): Promise<Transcript>;
  /** Picks a command in the menu of a person, by name. */
  userCommand(name: string, target: string, from?: From): Promise<Transcript>;
  messageCommand(name: string, messageId: string, from?: From): Promise<Transcript>;
  /** Opens the application's activity. */
  entryPoint(from?: From): Promise<Transcript>;
  click(messageId: string, which: Which, from?: From): Promise<Transcript>;
  /** Chooses in a menu, by labels, values, names or ids. */
  select(messageId: string, which: Which, values: readonly string[], from?: From): Promise<Transcript>;
  /** Submits the form that the interaction of this token was answered with. */
  submit(token: string, entered: Entered, from?: From): Promise<Transcript>;
  /** The token of the form that this person has open: the one that was shown to them last. */
  openForm(from?: From): string;
  /** Waits for the next change of an interaction's answers, at most ten seconds. */
  later(token: string): Promise<Transcript>;
  /** Reports an event to the Worker; `times` sends the same one again, as Discord does until it is answered. */
  webhookEvent(type: string, data: object, times?: number): Promise<EventDelivery>;
  webhookPing(): Promise<EventDelivery>;
  /** A message of any channel, as it is now. */
  message(id: string): APIMessage | undefined;
  /** What a person sees of a channel, oldest first. */
  visibleMessages(from?: From): APIMessage[];
  /** Sends a payload as it is, signed. */
  send(payload: object): Promise<Transcript>;
  ping(): Promise<Transcript>;
  setRestFault(fault: RestFault | undefined): void;
  serve(at: { host: string; port: number }): Promise<{ url: string; close(): Promise<void> }>;
}

/** How long a deferred answer is waited for before the transcript shows "thinking…". */
const deferredWithinMs = 10_000;

const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

/** Discord on this machine: it signs interactions with a key of its own and serves the REST API that answers go to. */
export function createDiscordSimulator({
  interactionsUrl,
  webhookEventsUrl = new URL("/webhook-events", interactionsUrl).href,
  publicUrl,
  keys = createSigningKeys(),
  clock = systemClock,
  fetch = globalThis.fetch,
}: SimulatorOptions): Simulator {
  const world = createSeededWorld();
  let servedAt = "http://127.0.0.1:8788";
  const context: Context = {
    world,
    applicationId,
    // Shaped like a bot's token: three parts, the first naming the application.
    botToken: `${Buffer.from(applicationId).toString("base64url")}.local.${randomBytes(24).toString("base64url")}`,
    clock,
    createId: createSnowflakes(clock.now),
    interactions: new Map(),
    files: new Map(),
    publicUrl: () => publicUrl ?? servedAt,
  };
  const people = createPeople(context);
  const api = createRestApi(context);

  const report = (event: object) => sendEvent({ context, keys, url: webhookEventsUrl, fetch }, event);
  const deliveries = new WeakMap<InteractionRecord, Delivery>();

  async function send(payload: object): Promise<Transcript> {
    const { delivery, record } = await deliver({ context, keys, url: interactionsUrl, fetch }, payload);
    deliveries.set(record, delivery);
    if (record.answer.kind === "deferred") await untilChanged(context, record, deferredWithinMs);
    return transcriptOf(record, delivery);
  }

  async function later(token: string): Promise<Transcript> {
    const record = context.interactions.get(token);
    const delivery = record && deliveries.get(record);
    if (!record || !delivery) throw new LineError("There is no interaction of that token.");
    await untilChanged(context, record, deferredWithinMs);
    return transcriptOf(record, delivery);
  }

  const transcriptOf = (record: InteractionRecord, delivery: Delivery): Transcript => ({
    ...delivery,
    answer: record.answer,
    messages: messagesIn(record),
  });

  /** What the person sees: the message in answer, or the one that changed, then the follow-ups. */
  function messagesIn({ channelId = "0", originalId, followUps, userId }: InteractionRecord): APIMessage[] {
    const messages = messagesOf(world, channelId);
    return [originalId, ...followUps].flatMap((id) => {
      const message = id === undefined ? undefined : messages.get(id);
      return message && isVisible(context, message, userId) ? [message] : [];
    });
  }

  const simulator: Simulator = {
    applicationId,
    publicKey: keys.publicKey,
    botToken: context.botToken,
    interactionsUrl,
    world,
    app: new Hono(),
    registerCommands: (declarations) => void overwriteCommands(context, "global", declarations),
    commands: () => [...commandsOf(world, "global").values()],
    command: async (line, from = {}, files = {}) => send(await people.command(line, from, files)),
    autocomplete: async (line, from = {}) => send(people.autocomplete(line, from)),
    userCommand: async (name, target, from = {}) => send(people.userCommand(name, target, from)),
    messageCommand: async (name, messageId, from = {}) => send(people.messageCommand(name, messageId, from)),
    entryPoint: async (from = {}) => send(people.entryPoint(from)),
    click: async (messageId, which, from = {}) => send(people.click(messageId, which, from)),
    select: async (messageId, which, values, from = {}) => send(people.select(messageId, which, values, from)),
    submit: async (token, entered, from = {}) => send(await people.submit(token, entered, from)),
    openForm: (from = {}) => people.openForm(from),
    later,
    async webhookEvent(type, data, times = 1) {
      const event = eventBody(context, type, data);
      let delivery = await report(event);
      for (let sent = 1; sent < times; sent++) delivery = await report(event);
      return delivery;
    },
    webhookPing: () => report(eventBody(context)),
    message: (id) => [...world.messages.values()].map((messages) => messages.get(id)).find((one) => one !== undefined),
    visibleMessages: (from = {}) => people.visibleMessages(from),
    send,
    ping: () => send(buildPing(context)),
    setRestFault: api.setFault,
    async serve({ host, port }) {
      const served = await listen(simulator.app, host, port);
      servedAt = served.url;
      return served;
    },
  };

  simulator.app.route("/api/v10", api.app);
  simulator.app.get("/attachments/*", (c) => {
    const file = context.files.get(c.req.path.replace("/attachments/", ""));
    return file
      ? c.body(file.bytes, 200, { "Content-Type": file.type })
      : c.text("This content is no longer available.", 404);
  });
  simulator.app.route("/simulator", controlRoutes(simulator));
  return simulator;
}

function listen(app: Hono, host: string, port: number): Promise<{ url: string; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (address: AddressInfo) =>
      resolve({
        url: `http://${host}:${address.port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      }),
    );
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} on ${host} is taken. Stop what uses it, or choose another port.`)
          : error,
      ),
    );
  });
}
