import { createDiscordSimulator, type Simulator } from "../../../../local/discord/index.ts";
import { createFakeClock } from "../../../support/clock.ts";

/** Returns a fake clock for the simulator: Discord's IDs need a time after 2015. */
export const createDiscordClock = () => createFakeClock(Date.parse("2026-06-01T12:00:00Z"));

/** A payload as the simulator sends it to the Worker. */
export interface Sent {
  type: number;
  data: ReturnType<typeof JSON.parse>;
  [field: string]: ReturnType<typeof JSON.parse>;
}

/** Starts a simulator, and a bot that answers its interactions as the test says. */
export async function startBot(answer: (request: Request, bot: Bot) => Response | Promise<Response>) {
  const clock = createDiscordClock();
  const sent: Sent[] = [];
  const simulator = createDiscordSimulator({
    interactionsUrl: "http://bot.test/interactions",
    clock,
    async fetch(input, init) {
      const request = new Request(input, init);
      sent.push((await request.clone().json()) as Sent);
      return answer(request, bot);
    },
  });
  simulator.registerCommands([
    { name: "ping", description: "Is it awake?" },
    {
      name: "remind",
      description: "Reminders",
      options: [
        {
          type: 1,
          name: "me",
          description: "Reminds you",
          options: [
            { type: 3, name: "in", description: "When", required: true },
            { type: 3, name: "about", description: "What" },
          ],
        },
      ],
    },
    {
      name: "show",
      description: "Shows all kinds",
      options: [
        { type: 4, name: "count", description: "How many" },
        { type: 10, name: "ratio", description: "How much" },
        { type: 5, name: "loud", description: "Loudly" },
        { type: 6, name: "who", description: "Whom" },
        { type: 7, name: "where", description: "Where" },
        { type: 8, name: "role", description: "As what" },
        { type: 9, name: "any", description: "Anybody" },
        { type: 3, name: "colour", description: "Which", choices: [{ name: "Red", value: "#f00" }] },
      ],
    },
  ]);

  const bot: Bot = { clock, simulator, sent, api: restOf(simulator) };
  return bot;
}

export interface Bot {
  clock: ReturnType<typeof createDiscordClock>;
  simulator: Simulator;
  /** What the bot was sent, the newest last. */
  sent: Sent[];
  api: Api;
}

/** Calls Discord's REST API, by default with the bot's token. */
export type Api = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<{ status: number; headers: Headers; body: ReturnType<typeof JSON.parse> }>;

export const restOf =
  (simulator: Simulator): Api =>
  async (method, path, body, headers = {}) => {
    const response = await simulator.app.request(`/api/v10${path}`, {
      method,
      headers: { Authorization: `Bot ${simulator.botToken}`, "Content-Type": "application/json", ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  };

/** A simulator without a Worker, whose REST API is called a second apart: no rate limit is near. */
export function startRest() {
  const clock = createDiscordClock();
  const simulator = createDiscordSimulator({ interactionsUrl: "http://127.0.0.1:1/interactions", clock });
  const call = restOf(simulator);
  const api: Api = async (...request) => {
    await clock.advance(1_000);
    return call(...request);
  };
  return { clock, simulator, api };
}

/** Answers every interaction with one message. */
export const says = (content: string) => () => Response.json({ type: 4, data: { content } });
