import { describe, expect, it } from "vitest";
import type { World } from "../../../local/kit/world.ts";
import { features } from "../../../src/bot/features.ts";
import { command, feature } from "../../../src/bot/kit.ts";
import { busiest, busOf, jobsOf, minute, openWorld, received, refused, remindAll, second } from "./support.ts";

// Every invocation may send 50 requests, on the free plan: the world refuses the 51st.

const grace = { user: "grace.h" };

/** The first of the next minutes. */
const nextTick = ({ clock }: World, minutes = 1): number => Math.floor(clock.now() / minute + minutes) * minute;

const harbour = "1100000000000000100";
/** A topic of that server's own, as followers are stored, and one that any system may post to. */
const [own, open] = [`@${harbour}.releases`, "shop.news"];

/** Follows a topic with channels that are made up. Returns their ids. */
async function followAll({ discord, redisCommand }: World, topic: string, count: number): Promise<string[]> {
  const guild = discord.world.guilds.get(harbour);
  const [channel] = [...(guild?.channels.values() ?? [])].filter(({ type }) => type === 0);
  if (!guild || !channel) throw new Error("The seeded world has no text channel.");
  const ids = Array.from({ length: count }, (_, index) => String(1_150_000_000_000_000_000n + BigInt(index)));
  for (const id of ids) guild.channels.set(id, { ...channel, id, name: `channel-${id}` } as typeof channel);
  await redisCommand("HSET", `sp:f:${topic}`, ...ids.flatMap((id) => [id, guild.guild.id]));
  return ids;
}

/** How many of the channels got something, and how many messages they got. */
function posted({ discord: { world } }: World, channelIds: readonly string[]): { channels: number; messages: number } {
  const counts = channelIds.map((id) => world.messages.get(id)?.size ?? 0);
  return { channels: counts.filter((count) => count > 0).length, messages: counts.reduce((sum, one) => sum + one, 0) };
}

const deadLetters = ({ redisCommand }: World) => redisCommand("XLEN", "sp:bd:main:feeds");

describe("50 requests an invocation", () => {
  it("delivers 60 reminders that are due at once in the order of their times, charging no try for what was not sent", async () => {
    const world = await openWorld({ isolates: 2 });
    await world.pass(90 * second);
    const dueAt = nextTick(world);
    await remindAll(
      world,
      Array.from({ length: 60 }, (_, index) => dueAt + index),
    );
    await world.pass(dueAt + 20 * second - world.clock.now());
    const first = received(world).length;
    expect(first).toBeGreaterThanOrEqual(20);
    expect(first).toBeLessThan(60);
    const jobs = jobsOf(world);
    for (let index = 0; index < 60; index++) {
      const job = await jobs.get(`remind:${index}`);
      expect(job?.attempts ?? 0).toBe(0);
      const score = await world.redisCommand("ZSCORE", "sp:j:due", `remind:${index}`);
      expect(score).toBe(job ? String(job.dueAt) : null);
    }
    await world.pass(3 * minute);
    expect(received(world).map(({ text }) => text)).toEqual(
      Array.from({ length: 60 }, (_, index) => `⏰ number ${index}`),
    );
    expect(refused(world)).toBe(0);
    expect(busiest(world)).toBeGreaterThan(40);
  });

  it.each([1, 2] as const)(
    "delivers 20 reminders that are spread over a minute on time, with %i isolates",
    async (isolates) => {
      const world = await openWorld({ isolates });
      await world.pass(90 * second);
      const start = nextTick(world);
      const dueAts = Array.from({ length: 20 }, (_, index) => start + index * 3_000 + 500);
      await remindAll(world, dueAts);
      await world.pass(2 * minute);
      const late = received(world).map(({ at }, index) => at - (dueAts[index] ?? 0));
      expect(late).toHaveLength(20);
      expect(Math.max(...late)).toBeLessThanOrEqual(2 * second);
      expect(refused(world)).toBe(0);
    },
  );

  it("delivers 120 reminders that are due at once within as many minutes as it takes, each once", async () => {
    const world = await openWorld();
    await world.pass(90 * second);
    const dueAt = nextTick(world);
    await remindAll(world, Array(120).fill(dueAt));
    await world.pass(dueAt - world.clock.now());
    const minutes: number[] = [];
    while (received(world).length < 120 && minutes.length < 10) {
      const before = received(world).length;
      await world.pass(minute);
      minutes.push(received(world).length - before);
    }
    expect(Math.min(...minutes.slice(0, -1))).toBeGreaterThanOrEqual(20);
    expect(new Set(received(world).map(({ text }) => text)).size).toBe(120);
    expect(received(world)).toHaveLength(120);
    expect(refused(world)).toBe(0);
  });

  it("sends a second reminder to the same person with one request, and opens the channel again when Discord forgets it", async () => {
    const world = await openWorld();
    await world.pass(90 * second);
    const opened = countOf(world, "/users/@me/channels");
    const ask = async () => {
      await world.run(world.discord.command("/remind me about:tea in:5s"));
      await world.pass(10 * second);
    };
    await ask();
    await ask();
    expect(opened.count).toBe(1);
    world.discord.world.directChannels.clear();
    await ask();
    expect(opened.count).toBe(2);
    expect(received(world).filter(({ at }) => at > world.clock.now() - 10 * second)).toHaveLength(1);
  });

  it("brings one post to 100 channels within a few ticks, with no dead letter", async () => {
    const world = await openWorld();
    await world.pass(90 * second);
    const channels = await followAll(world, own, 100);
    await world.run(world.discord.command("/feed publish topic:releases text:2.0", grace));
    await world.pass(3 * minute);
    expect(posted(world, channels)).toEqual({ channels: 100, messages: 100 });
    expect(await deadLetters(world)).toBe(0);
    expect(refused(world)).toBe(0);
  });

  it("brings a post to 90 channels within five ticks while Discord fails for ten others", async () => {
    const world = await openWorld();
    await world.pass(90 * second);
    const channels = await followAll(world, own, 100);
    // 30 to 39.
    const failing = channels[30]?.slice(0, -1) ?? "";
    world.discord.setRestFault({ status: 500, times: 10_000, path: failing });
    await world.run(world.discord.command("/feed publish topic:releases text:2.0", grace));
    await world.pass(5 * minute);
    const good = channels.filter((id) => !id.startsWith(failing));
    expect(posted(world, good)).toEqual({ channels: 90, messages: 90 });
    await world.pass(10 * minute);
    expect(await deadLetters(world)).toBe(10);
    expect(refused(world)).toBe(0);
  });

  it("brings 30 posts that are published at once to every channel that follows", async () => {
    const world = await openWorld();
    await world.pass(90 * second);
    const channels = await followAll(world, own, 5);
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        world.run(world.discord.command(`/feed publish topic:releases text:${index}`, grace)),
      ),
    );
    await world.pass(10 * minute);
    expect(posted(world, channels)).toEqual({ channels: 5, messages: 150 });
    expect(await deadLetters(world)).toBe(0);
    expect(refused(world)).toBe(0);
  });

  it("delivers a post that waits while more jobs are due than an invocation can run", async () => {
    const world = await openWorld();
    await world.pass(90 * second);
    const channels = await followAll(world, open, 30);
    const dueAt = nextTick(world);
    // More in each of three minutes than their ticks can run, and all of the first before the post's wake-up.
    await remindAll(
      world,
      Array.from({ length: 180 }, (_, index) => dueAt + Math.floor(index / 60) * minute),
    );
    await busOf(world).publish(`feed.${open}`, "2.0");
    await jobsOf(world).wake("feeds", dueAt + 10 * second);
    await world.pass(dueAt + 3 * minute - world.clock.now());
    expect(posted(world, channels)).toEqual({ channels: 30, messages: 30 });
    expect(received(world).length).toBeLessThan(180);
    expect(await deadLetters(world)).toBe(0);
    await world.pass(6 * minute);
    expect(received(world)).toHaveLength(180);
    expect(refused(world)).toBe(0);
  });

  it("is shared by the duties of features and the jobs of the same tick", async () => {
    const calls: number[] = [];
    const survey = feature({
      name: "survey",
      duties: {
        survey: ({ discord, clock }) => ({
          async run({ left }) {
            const before = calls.length;
            while (left() > 10 && calls.length < before + 30) {
              await discord.get("/users/@me");
              calls.push(clock.now());
            }
            return clock.now() + minute;
          },
        }),
      },
    });
    const world = await openWorld({ features: [...features, survey] });
    await world.pass(90 * second);
    const dueAt = nextTick(world);
    await remindAll(world, Array(30).fill(dueAt));
    await world.pass(dueAt + 4 * minute - world.clock.now());
    expect(received(world)).toHaveLength(30);
    expect(calls.length).toBeGreaterThan(60);
    expect(refused(world)).toBe(0);
  });

  it("is not exceeded by a handler that never asks what is left, which fails with a sentence about it", async () => {
    const greedy = feature({
      name: "greedy",
      handlers: [
        command({
          name: "greedy",
          description: "Asks Discord for too much",
          async run(_interaction, { discord }) {
            let calls = 0;
            try {
              for (; calls < 100; calls++) await discord.get("/users/@me");
            } catch (error) {
              return `${calls} ${String(error)}`;
            }
            return String(calls);
          },
        }),
      ],
    });
    const world = await openWorld({ features: [...features, greedy] });
    const { messages } = await world.run(world.discord.command("/greedy"));
    expect(messages[0]?.content).toMatch(/^4\d .*this invocation may send 50 requests/);
    expect(refused(world)).toBe(0);
  });
});

it("delivers 500 reminders that are due in one minute within that minute, with 1,000 requests an invocation", {
  timeout: 30_000,
}, async () => {
  const world = await openWorld({ subrequests: 1_000 });
  await world.pass(90 * second);
  const start = nextTick(world);
  await remindAll(
    world,
    Array.from({ length: 500 }, (_, index) => start + index * 100),
  );
  await world.pass(start + minute - world.clock.now());
  expect(received(world)).toHaveLength(500);
  expect(Math.max(...received(world).map(({ at }, index) => at - start - index * 100))).toBeLessThan(2 * second);
  expect(refused(world)).toBe(0);
});

it("tries again while Discord answers 500 to all, without a refused request or a job that runs out of tries too soon", async () => {
  const world = await openWorld();
  await world.pass(90 * second);
  const dueAt = nextTick(world);
  await remindAll(world, Array(30).fill(dueAt));
  world.discord.setRestFault({ status: 500, times: 10_000 });
  await world.pass(dueAt + 45 * second - world.clock.now());
  world.discord.setRestFault(undefined);
  await world.pass(10 * minute);
  expect(new Set(received(world).map(({ text }) => text)).size).toBe(30);
  expect(received(world)).toHaveLength(30);
  expect(await world.redisCommand("EXISTS", "sp:j:dead")).toBe(0);
  expect(refused(world)).toBe(0);
});

// --- Helpers ---

/** Counts the requests to Discord with a path, from now on. */
function countOf({ discord }: World, path: string): { count: number } {
  const counter = { count: 0 };
  const { fetch } = discord.app;
  discord.app.fetch = (request, ...rest) => {
    if (new URL(request.url).pathname.endsWith(path)) counter.count += 1;
    return fetch(request, ...rest);
  };
  return counter;
}
