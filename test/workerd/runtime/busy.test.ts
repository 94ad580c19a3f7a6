import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createTestBot } from "../../support/bot.ts";
import { createDatabase } from "../../support/database.ts";
import { envelope, person, slash, slashWith } from "../../support/payloads.ts";

// What people read while an isolate is busy, or Redis far, with Redis well.

const discordUrl = "https://discord.test/api/v10";
const excuses = /bot's memory|went wrong|too much to do|too long|a moment ago/;

const by = (index: number) => ({
  member: { ...envelope().member, user: { ...person, id: String(1_300_000_000_000_000_000n + BigInt(index)) } },
});

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

/** Isolates on one database, with a Discord that knows one server. `redisMs` is how far Redis is. */
async function createFleet(count: number, { redisMs = 0, discordMs = 0 } = {}) {
  const database = createDatabase();
  const asked: string[] = [];
  const edits: string[] = [];
  const wait = (ms: number) => ms > 0 && new Promise<void>((resolve) => void setTimeout(resolve, ms));
  async function discord(url: URL, init: RequestInit | undefined): Promise<Response> {
    if (init?.method !== "GET") {
      edits.push(typeof init?.body === "string" ? init.body : "");
      return Response.json({ id: "1", content: "" });
    }
    asked.push(url.pathname);
    await wait(discordMs);
    if (url.pathname.endsWith("/roles")) return Response.json([]);
    return Response.json({
      id: "1100000000000000100",
      name: "Harbour",
      owner_id: "1",
      preferred_locale: "en-US",
      features: [],
    });
  }
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.href.startsWith(discordUrl)) return discord(url, init);
    await wait(redisMs);
    return globalThis.fetch(input, init);
  };
  const env = { DISCORD_API_URL: discordUrl, DISCORD_BOT_TOKEN: "t", LOG_LEVEL: "error" };
  const bots = await Promise.all(Array.from({ length: count }, () => createTestBot({ database, env, fetch })));
  return { database, bots, asked, edits, at: (index: number) => bots[index % count] ?? expect.fail("no bot") };
}

it("tells none of two hundred people at once that the memory does not answer", { timeout: 60_000 }, async () => {
  const { at, edits } = await createFleet(1);
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const payload = { ...slashWith("setup", []), ...by(index) };
      return JSON.stringify((await at(0).interact(payload)).body);
    }),
  );
  expect([...answers, ...edits].filter((text) => excuses.test(text))).toEqual([]);
  expect(at(0).isolate.redis.breaker).toEqual({ value: "closed", failures: 0 });
});

it("shows a server that no isolate knows to a hundred people at once, over two isolates", {
  timeout: 60_000,
}, async () => {
  const { at, asked, edits } = await createFleet(2, { discordMs: 100 });
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const payload = { ...slash("server"), ...by(index) };
      return JSON.stringify((await at(index).interact(payload)).body);
    }),
  );
  expect([...answers, ...edits].filter((text) => excuses.test(text))).toEqual([]);
  expect(asked.length).toBeLessThanOrEqual(4);
});

it("keeps, saves and lists with Redis 300 ms away, and keeps the circuit closed", { timeout: 60_000 }, async () => {
  const { at, edits } = await createFleet(1, { redisMs: 300 });
  const remind = {
    name: "me",
    type: 1,
    options: [
      { name: "about", type: 3, value: "tea" },
      { name: "in", type: 3, value: "1h" },
    ],
  };
  const commands = [
    slashWith("remind", [remind]),
    slashWith("remind", [{ name: "list", type: 1, options: [] }]),
    slashWith("setup", []),
    slashWith("feed", [{ name: "list", type: 1, options: [] }]),
    slash("server"),
  ];
  for (let round = 0; round < 3; round++) {
    for (const command of commands) {
      const { body } = await at(0).interact({ ...command, id: `${command.id}${round}` });
      expect(JSON.stringify(body)).not.toMatch(excuses);
    }
  }
  expect(edits.filter((text) => excuses.test(text))).toEqual([]);
  expect(at(0).isolate.redis.breaker).toEqual({ value: "closed", failures: 0 });
});
