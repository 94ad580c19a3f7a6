import { expect, it } from "vitest";
import { cache } from "../../../src/bot/cache.ts";
import { createRouter, type Outgoing } from "../../../src/discord/index.ts";
import type { Invocation } from "../../../src/runtime/index.ts";
import { person, slashWith } from "../../support/payloads.ts";
import { createMapAnswerStore } from "../discord/stores/map-stores.ts";

const stats = { localHits: 1, redisHits: 2, staleHits: 3, misses: 4, fetches: 5, fetchFailures: 6 };
const forgotten: string[] = [];
const services = {
  clock: { now: () => 0, sleep: () => Promise.resolve() },
  waitUntil: () => {},
  entities: {
    stats: () => ({ guild: { ...stats, hitRate: 0.667 }, channel: { ...stats, hitRate: 1 } }),
    invalidateGuild: async (guildId: string) => void forgotten.push(guildId),
  },
  isolate: { id: "abc", cache: { entries: new Map([[1, 1]]) } },
} as unknown as Invocation;
const router = createRouter<Invocation>({
  handlers: cache.handlers ?? [],
  answers: () => createMapAnswerStore(new Map()),
  onError: (error) => {
    throw error;
  },
});
const shown = async (name: string, more: object = {}) => {
  const { data }: Outgoing = await router({ ...slashWith("cache", [{ type: 1, name }]), ...more } as never, services);
  return data as { content: string; flags: number };
};

it("shows the statistics of each kind in a table, to the person alone", async () => {
  const counts = "1 L1, 2 Redis, 3 stale, 4 missed, 5 fetched (6 failed)";
  expect(await shown("stats")).toMatchObject({
    flags: 64,
    content: `\`\`\`\nguild    67 %  ${counts}\nchannel 100 %  ${counts}\n\`\`\`\n-# 1 entries in isolate \`abc\``,
  });
});

it("forgets the person's own server", async () => {
  expect(await shown("clear")).toMatchObject({ flags: 64, content: expect.stringMatching(/^Forgotten\./) });
  expect(forgotten).toEqual(["1100000000000000100"]);
});

it.each(["stats", "clear"])("takes /cache %s in servers only", async (name) => {
  const { content } = await shown(name, { guild_id: undefined, member: undefined, user: person });
  expect(content).toBe("This works in servers only.");
});
