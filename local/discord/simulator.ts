import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { type APIApplicationCommand, InteractionType } from "discord-api-types/v10";
import { Hono } from "hono";
import type { Clock, Context } from "./context.ts";
import { controlRoutes } from "./control.ts";
import { buildCommandData, buildEnvelope, buildPing, findSender } from "./interactions/build.ts";
import { type Delivery, deliver } from "./interactions/deliver.ts";
import { LineError, parseLine } from "./interactions/parse-line.ts";
import { type InteractionRecord, untilChanged } from "./interactions/record.ts";
import { createSigningKeys, type SigningKeys } from "./keys.ts";
import { createRestApi } from "./rest/api.ts";
import type { Declaration } from "./rest/command-rules.ts";
import { overwriteCommands } from "./rest/commands.ts";
import type { RestFault } from "./rest/faults.ts";
import { createSnowflakes } from "./snowflake.ts";
import { applicationId, createSeededWorld, defaults } from "./world/seed.ts";
import { commandsOf, messagesOf, type World } from "./world/world.ts";

export interface SimulatorOptions {
  /** Where the Worker takes interactions. */
  interactionsUrl: string;
  keys?: SigningKeys;
  clock?: Clock;
  fetch?: typeof fetch;
}

/** Who speaks, and where; names and ids of the seeded world. */
export interface From {
  user?: string;
  /** A channel's id or `#name`, or `dm`. */
  channel?: string;
  locale?: string;
}

/** What a person sees after an interaction, and what Discord would keep to itself. */
export interface Transcript extends Delivery {
  /** The messages in answer: the original as it is now, then the follow-ups. */
  messages: unknown[];
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
  registerCommands(declarations: readonly Declaration[]): void;
  commands(): APIApplicationCommand[];
  /** Types a slash command. A deferred answer is waited for. Throws `LineError` for a line that is no command. */
  command(line: string, from?: From): Promise<Transcript>;
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
  keys = createSigningKeys(),
  clock = systemClock,
  fetch = globalThis.fetch,
}: SimulatorOptions): Simulator {
  const world = createSeededWorld();
  const context: Context = {
    world,
    applicationId,
    // Shaped like a bot's token: three parts, the first naming the application.
    botToken: `${Buffer.from(applicationId).toString("base64url")}.local.${randomBytes(24).toString("base64url")}`,
    clock,
    createId: createSnowflakes(clock.now),
    interactions: new Map(),
  };
  const api = createRestApi(context);

  async function send(payload: object): Promise<Transcript> {
    const { delivery, record } = await deliver({ context, keys, url: interactionsUrl, fetch }, payload);
    if (record.answer.kind === "deferred") await untilChanged(context, record, deferredWithinMs);
    return { ...delivery, answer: record.answer, messages: messagesIn(record) };
  }

  function messagesIn({ channelId = "0", originalId, followUps }: InteractionRecord): unknown[] {
    const messages = messagesOf(world, channelId);
    return [originalId, ...followUps].flatMap((id) => (id === undefined ? [] : (messages.get(id) ?? [])));
  }

  function userId(name: string): string {
    const found = [...world.users.values()].find(
      ({ id, username }) => id === name || username === name.replace(/^@/, ""),
    );
    if (!found)
      throw new LineError(
        `There is nobody called ${name}. People: ${[...world.users.values()].map((user) => user.username).join(", ")}.`,
      );
    return found.id;
  }

  function channelId(name: string): string {
    const channels = [...world.guilds.values()].flatMap(({ channels }) => [...channels.values()]);
    const found = channels.find((channel) => channel.id === name || channel.name === name.replace(/^#/, ""));
    if (!found && name !== "dm") {
      throw new LineError(
        `There is no channel ${name}. Channels: dm, ${channels.map((channel) => channel.name).join(", ")}.`,
      );
    }
    return found?.id ?? name;
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
    async command(line, { user = defaults.userId, channel = defaults.channelId, locale = "en-US" } = {}) {
      const sender = findSenderOrSay(userId(user), channelId(channel), locale);
      const guildCommands = sender.guild ? [...commandsOf(world, sender.guild.guild.id).values()] : [];
      const { command, options } = parseLine(line, [...guildCommands, ...simulator.commands()], {
        world,
        guild: sender.guild,
      });
      return send({
        ...buildEnvelope(context, sender),
        type: InteractionType.ApplicationCommand,
        data: buildCommandData(context, command, options, sender),
      });
    },
    send,
    ping: () => send(buildPing(context)),
    setRestFault: api.setFault,
    serve: ({ host, port }) => listen(simulator.app, host, port),
  };

  function findSenderOrSay(...[user, channel, locale]: [string, string, string]) {
    try {
      return findSender(context, user, channel, locale);
    } catch (error) {
      throw new LineError(error instanceof Error ? error.message : String(error));
    }
  }

  simulator.app.route("/api/v10", api.app);
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
