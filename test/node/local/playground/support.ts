import { onTestFinished } from "vitest";
import { createDiscordSimulator, exchangeHeader } from "../../../../local/discord/index.ts";
import type { StreamEvent } from "../../../../local/playground/protocol.ts";
import {
  createPlayground,
  createWorldClock,
  type PlaygroundOptions,
} from "../../../../local/playground/server/index.ts";

export const ada = "1100000000000000011";
export const grace = "1100000000000000012";
export const linus = "1100000000000000013";
export const robin = "1100000000000000015";
export const stranger = "1100000000000000016";
export const general = "1100000000000000111";
export const moderators = "1100000000000000113";

type Bot = (request: Request, body: Interaction) => Response | Promise<Response>;

export interface Interaction {
  id: string;
  token: string;
  type: number;
  data?: { name?: string; custom_id?: string; options?: { name: string; value: unknown }[]; resolved?: object };
  [field: string]: unknown;
}

/** Starts a playground before a bot that answers as the test says, all of it in this process. */
export function startPlayground(
  bot: Bot,
  commands: readonly object[] = [{ name: "ping", description: "Is it awake?" }],
  more: Partial<PlaygroundOptions> = {},
) {
  const clock = createWorldClock();
  const simulator = createDiscordSimulator({
    interactionsUrl: "http://bot.invalid/interactions",
    clock,
    marks: (exchange) => ({ [exchangeHeader]: exchange }),
    async fetch(input, init) {
      const request = new Request(input, init);
      const body: Interaction = await request.clone().json();
      const late = new Promise<never>((_, reject) =>
        init?.signal?.addEventListener("abort", () => reject(new Error("aborted")), { once: true }),
      );
      return Promise.race([bot(request, body), late]);
    },
  });
  simulator.registerCommands(commands);
  const playground = createPlayground({ simulator, clock, ...more });
  simulator.app.route("/", playground.app);
  onTestFinished(() => playground.close());

  async function api(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const isForm = body instanceof FormData;
    const response = await simulator.app.request(`http://127.0.0.1:8788/playground/api${path}`, {
      method,
      headers: { ...(!isForm && { "Content-Type": "application/json" }), ...headers },
      ...(body !== undefined && { body: isForm || typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  }

  const act = (person: string, what: object, channel = general) =>
    api("POST", `/act?person=${person}&channel=${channel}`, what);

  /** Calls Discord's REST API as the bot. */
  const rest = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    simulator.app.request(`/api/v10${path}`, {
      method,
      headers: { Authorization: `Bot ${simulator.botToken}`, "Content-Type": "application/json", ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  const commandId = (name = "ping") => simulator.commands().find((command) => command.name === name)?.id ?? "";

  return {
    simulator,
    playground,
    clock,
    api,
    act,
    rest,
    commandId,
    ping: (person = ada, channel = general) =>
      act(person, { do: "command", commandId: commandId(), options: [] }, channel),
    look: (person: string, lastId?: string) => openStream(simulator.app, person, lastId),
  };
}

type App = ReturnType<typeof createDiscordSimulator>["app"];
type Of<T extends StreamEvent["type"]> = Extract<StreamEvent, { type: T }>;

/** Opens a person's stream and keeps its events. */
export async function openStream(app: App, person: string, lastId?: string) {
  const response = await app.request(`/playground/api/stream?person=${person}`, {
    headers: lastId === undefined ? {} : { "Last-Event-ID": lastId },
  });
  const events: { id: string; event: StreamEvent }[] = [];
  const waiting = new Set<() => void>();
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  onTestFinished(() => reader?.cancel());

  async function read(): Promise<void> {
    let text = "";
    for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
      text += chunk.value;
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const [, id = "", data = ""] = /^(?:id: (.*)\n)?data: (.*)$/.exec(block) ?? [];
        if (data !== "") events.push({ id, event: JSON.parse(data) });
      }
      for (const wake of waiting) wake();
    }
  }
  void read();

  return {
    response,
    events,
    types: () => events.map(({ event }) => event.type),
    of: <T extends StreamEvent["type"]>(type: T): Of<T>[] =>
      events.map(({ event }) => event).filter((event): event is Of<T> => event.type === type),
    /** Resolves with the first event of a type that fits, of those so far and to come. */
    until<T extends StreamEvent["type"]>(type: T, isMeant: (event: Of<T>) => boolean = () => true): Promise<Of<T>> {
      return new Promise((resolve) => {
        const look = () => {
          const found = this.of(type).find(isMeant);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      });
    },
    end: () => reader?.cancel(),
  };
}

/** Answers every interaction with one message. */
export const says =
  (content: string, more: object = {}): Bot =>
  () =>
    Response.json({ type: 4, data: { content, ...more } });
