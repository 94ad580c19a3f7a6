import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { onTestFinished } from "vitest";
import type { Clock } from "../../../../local/discord/context.ts";
import { createDiscordSimulator } from "../../../../local/discord/index.ts";

/** A clock that stands until it is moved; whoever sleeps wakes when its time has come. */
export function createManualClock(startAt = Date.parse("2026-06-01T12:00:00Z")) {
  let now = startAt;
  let sleepers: { at: number; wake(): void }[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener("abort", () => resolve());
      }),
  };
  return {
    ...clock,
    sleeping: () => sleepers.length,
    advance(ms: number) {
      now += ms;
      const due = sleepers.filter(({ at }) => at <= now);
      sleepers = sleepers.filter(({ at }) => at > now);
      for (const { wake } of due) wake();
    },
  };
}

/** A bot of the tester's own on a real port, and the simulator that talks to it. */
export async function startBot(answer: (request: Request, bot: Bot) => Response | Promise<Response>) {
  const clock = createManualClock();
  const app = new Hono();
  const port = await new Promise<number>((resolve) => {
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => resolve(port));
    onTestFinished(() => void server.close());
  });
  const simulator = createDiscordSimulator({ interactionsUrl: `http://127.0.0.1:${port}/interactions`, clock });
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

  /** Discord's REST API, with the bot's token unless told otherwise. */
  async function api(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await simulator.app.request(`/api/v10${path}`, {
      method,
      headers: { Authorization: `Bot ${simulator.botToken}`, "Content-Type": "application/json", ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  }

  const bot: Bot = { clock, simulator, api };
  app.post("/interactions", (c) => answer(c.req.raw, bot));
  return bot;
}

export interface Bot {
  clock: ReturnType<typeof createManualClock>;
  simulator: ReturnType<typeof createDiscordSimulator>;
  api(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; body: ReturnType<typeof JSON.parse> }>;
}

/** Answers everything with one message. */
export const says = (content: string) => () => Response.json({ type: 4, data: { content } });
