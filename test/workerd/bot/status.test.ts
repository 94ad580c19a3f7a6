import { expect, it } from "vitest";
import { status } from "../../../src/bot/status.ts";
import { createRouter, type Outgoing } from "../../../src/discord/index.ts";
import type { Invocation } from "../../../src/runtime/index.ts";
import { person, slash } from "../../support/payloads.ts";
import { createMapAnswerStore } from "../discord/stores/map-stores.ts";

const fleet = {
  level: "well",
  sentence: "All well: 2 instances.",
  concerns: [] as { text: string }[],
  rates: { total: { interactions: 27, errors: 0, redisCommands: 81 } },
  jobs: { scheduled: 1, running: 2, late: 3, dead: 4 },
  cost: { redis: { commands: 1_234, projected: 600_000, free: { projectedShare: 1.204 }, cheapestDollars: 1.2 } },
};

/** Returns what a person reads who uses `/status`, where the fleet is like this. */
async function shown(more: object = {}, { adminUrl, owner = person.id }: { adminUrl?: string; owner?: string } = {}) {
  const services = {
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    waitUntil: () => {},
    adminUrl,
    fleet: async () => ({ status: { ...fleet, ...more } }),
    cache: { of: () => ({ get: async () => [owner] }) },
  } as unknown as Invocation;
  const router = createRouter<Invocation>({
    handlers: status.handlers ?? [],
    answers: () => createMapAnswerStore(new Map()),
    onError: (error) => {
      throw error;
    },
  });
  const { data }: Outgoing = await router(slash("status") as never, services);
  return data as { content: string; flags: number };
}

it("shows the owner alone what the fleet does and costs, for their eyes only", async () => {
  expect(await shown()).toMatchObject({
    flags: 64,
    content: [
      "🟢 All well: 2 instances.",
      "Last hour: 27 interactions, 81 Redis commands.",
      "Jobs: 1 scheduled, 2 running, 3 late, 4 given up.",
      "This month: 1234 Redis commands, about 600000 by its end: 120 % of the free plan, or $1.20.",
    ].join("\n"),
  });
  const refused = await shown({}, { owner: "1" });
  expect(refused).toMatchObject({ flags: 64, content: "Only the bot's owner can do this." });
});

it("shows what is wrong first, without its markup, and the rest of it below", async () => {
  const concerns = [{ text: "worst" }, { text: "job *a* died" }, { text: "b" }];
  const { content } = await shown({ level: "trouble", sentence: "Trouble: *worst*", concerns });
  expect(content.split("\n").slice(0, 3)).toEqual(["🔴 Trouble: \\*worst\\*", "- job \\*a\\* died", "- b"]);
  expect((await shown({ level: "attention", concerns: [{ text: "worst" }] })).content).toMatch(/^🟡 .*\nLast hour/);
});

it("shows as many of the others as fit into a thousand characters, and counts the rest", async () => {
  const concerns = Array.from({ length: 40 }, () => ({ text: "x".repeat(98) }));
  const { content } = await shown({ concerns });
  const lines = content.split("\n");
  const others = lines.slice(
    1,
    lines.findIndex((line) => line.startsWith("Last hour")),
  );
  expect(others.join("\n").length).toBeLessThanOrEqual(1_000);
  expect(others.filter((line) => line.startsWith("- ")).length).toBe(9);
  expect(others.at(-1)).toBe("-# and 30 more");
});

it("counts one interaction, and those that failed", async () => {
  const rates = (interactions: number, errors: number) => ({
    rates: { total: { interactions, errors, redisCommands: 1 } },
  });
  expect((await shown(rates(1, 0))).content).toContain("Last hour: 1 interaction, 1 Redis commands.");
  expect((await shown(rates(9, 2))).content).toContain("Last hour: 9 interactions, 2 failed, 1 Redis commands.");
});

it("leaves out what could not be read, and shows the dashboard where there is one", async () => {
  const { content } = await shown({ rates: null, jobs: null, cost: null }, { adminUrl: "https://bot.test/admin" });
  expect(content).toBe("🟢 All well: 2 instances.\n[Dashboard](<https://bot.test/admin>)");
});
