import { randomBytes } from "node:crypto";
import type { APIMessage } from "discord-api-types/v10";
import { Hono } from "hono";
import { createActionsById } from "./actions-by-id.ts";
import { machineClock } from "./clock.ts";
import type { Context } from "./context.ts";
import { controlRoutes } from "./control.ts";
import { createEvents } from "./events.ts";
import { buildPing } from "./interactions/build.ts";
import { untilChanged } from "./interactions/changes.ts";
import { type Delivery, deliver } from "./interactions/deliver.ts";
import { LineError } from "./interactions/line-error.ts";
import type { Endpoint } from "./interactions/post-signed.ts";
import { probe } from "./interactions/probe.ts";
import type { InteractionRecord } from "./interactions/record.ts";
import { createSigningKeys } from "./keys.ts";
import { serveAttachment } from "./messages/serve-attachment.ts";
import { keepMessage } from "./messages/store.ts";
import { createPeople } from "./people.ts";
import { createRestApi } from "./rest/api.ts";
import { overwriteCommands } from "./rest/commands.ts";
import { observeRest } from "./rest/observe.ts";
import { serve } from "./serve.ts";
import type { Simulator, SimulatorOptions, Transcript } from "./simulator.ts";
import { createSnowflakes } from "./snowflake.ts";
import { createVerifyUrls } from "./verify-urls.ts";
import { eventBody, sendEvent } from "./webhook-events.ts";
import { createApplicationSettings } from "./world/application.ts";
import { applicationId, createSeededWorld } from "./world/seed.ts";
import { isShownTo } from "./world/visibility.ts";
import { commandsOf, findMessage } from "./world/world.ts";

/** After this long, a transcript shows a deferred answer as "thinking…". */
const deferredWithinMs = 10_000;

/**
 * Returns a Discord in memory: it signs interactions, sends them to the Worker, and serves the REST API that the Worker
 * calls. It starts with the seeded world and without commands.
 *
 * @example
 * const discord = createDiscordSimulator({ interactionsUrl: "http://127.0.0.1:8787/interactions" });
 * discord.registerCommands([{ name: "ping", description: "Is it awake?" }]);
 * const { messages, problems } = await discord.command("/ping");
 */
export function createDiscordSimulator({
  interactionsUrl,
  webhookEventsUrl = interactionsUrl === null ? null : new URL("/webhook-events", interactionsUrl).href,
  publicUrl,
  keys = createSigningKeys(),
  clock = machineClock,
  fetch = globalThis.fetch,
  marks,
  botToken = createBotToken(),
  settled = () => Promise.resolve(),
}: SimulatorOptions): Simulator {
  const world = createSeededWorld();
  const events = createEvents();
  let servedAt = "http://127.0.0.1:8788";
  const context: Context = {
    world,
    applicationId,
    application: createApplicationSettings(interactionsUrl, webhookEventsUrl),
    verifyKey: keys.publicKey,
    botToken,
    clock,
    createId: createSnowflakes(clock.now),
    emit: events.emit,
    interactions: new Map(),
    triggers: new WeakMap(),
    files: new Map(),
    publicUrl: () => publicUrl ?? servedAt,
  };
  const people = createPeople(context);
  const endpointAt = (url: string | null): Endpoint => ({ context, keys, url: url ?? noAddress(), fetch, marks });
  const endpoint = () => endpointAt(context.application.interactions_endpoint_url);
  const eventsEndpoint = () => endpointAt(context.application.event_webhooks_url);
  const report = (event: object, exchangeId?: string) => sendEvent(eventsEndpoint(), event, exchangeId);
  const api = createRestApi(context, createVerifyUrls(context, endpointAt));
  const deliveries = new WeakMap<InteractionRecord, Delivery>();

  async function send(payload: object, exchangeId?: string): Promise<Transcript> {
    const { delivery, record } = await deliver(endpoint(), payload, exchangeId);
    deliveries.set(record, delivery);
    if (record.answer.kind === "deferred") await untilChanged(context, record, deferredWithinMs);
    return transcriptOf(record, delivery);
  }

  async function later(token: string): Promise<Transcript> {
    const record = context.interactions.get(token);
    const delivery = record && deliveries.get(record);
    if (!record || !delivery) throw new LineError("No interaction has that token.");
    await untilChanged(context, record, deferredWithinMs);
    return transcriptOf(record, delivery);
  }

  const transcriptOf = (record: InteractionRecord, delivery: Delivery): Transcript => ({
    ...delivery,
    answer: record.answer,
    messages: messagesIn(record),
  });

  /** The messages that the person sees: the answer or the message that it changed, then the follow-ups. */
  function messagesIn({ channelId, originalId, followUps, userId }: InteractionRecord): APIMessage[] {
    return [originalId, ...followUps]
      .flatMap((id) => findMessage(world, channelId, id) ?? [])
      .filter((message) => isShownTo(world, userId, message));
  }

  const simulator: Simulator = {
    applicationId,
    publicKey: keys.publicKey,
    botToken: context.botToken,
    get interactionsUrl() {
      return context.application.interactions_endpoint_url;
    },
    application: context.application,
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
    webhookPing: async () => report(eventBody(context)),
    message: (id) => [...world.messages.values()].map((messages) => messages.get(id)).find((one) => one !== undefined),
    createId: context.createId,
    keepMessage: (message, privateTo) => keepMessage(context, message, privateTo),
    visibleMessages: (from = {}) => people.visibleMessages(from),
    send: (payload) => send(payload),
    start(payload) {
      const id = context.createId();
      return { exchange: id, ended: send(payload, id) };
    },
    buildEvent: (type, data) => eventBody(context, type, data),
    startEvent(body) {
      const id = context.createId();
      return { exchange: id, ended: report(body, id) };
    },
    probe(body, tamper, to = "interactions") {
      const id = context.createId();
      const at = to === "events" ? eventsEndpoint() : endpoint();
      return { exchange: id, ended: probe(at, body, tamper, id) };
    },
    files: context.files,
    people,
    byId: createActionsById(context),
    interactions: context.interactions,
    on: events.on,
    ping: () => send(buildPing(context)),
    setRestFault: (fault) => api.setFaults(...(fault ? [fault] : [])),
    setRestFaults: api.setFaults,
    async serve(at) {
      const served = await serve(simulator.app, at);
      servedAt = served.url;
      return served;
    },
  };

  simulator.app.use("/api/v10/*", observeRest(context));
  simulator.app.route("/api/v10", api.app);
  simulator.app.get("/attachments/*", serveAttachment(context));
  simulator.app.route("/simulator", controlRoutes(simulator, settled));
  return simulator;
}

// --- Internal helpers ---

function noAddress(): never {
  throw new LineError("The application has no address that this could be sent to: its developer has entered none.");
}

/** Returns a bot's token in its usual shape: three parts, the first of which names the application. */
const createBotToken = (): string =>
  `${Buffer.from(applicationId).toString("base64url")}.local.${randomBytes(24).toString("base64url")}`;
