import { expect, it, onTestFinished, vi } from "vitest";
import { createWorld, type World } from "../../../local/kit/world.ts";

// Feeds of many servers at once, through the whole Worker on the free plan.

const minute = 60_000;
const adminToken = "feeds-admin-token-of-24-characters";
const [harbour, quai] = ["1100000000000000100", "1100000000000000200"];
const [closed, accueil] = ["1100000000000000113", "1100000000000000211"];

async function open(): Promise<World> {
  const world = await createWorld({ env: { ADMIN_TOKEN: adminToken } });
  onTestFinished(() => world.close());
  return world;
}

const post = ({ run, fetch }: World, topic: string, text: string) =>
  run(
    fetch(`/admin/api/events/feed.${topic}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json" },
      body: JSON.stringify(text),
    }),
  );

/** Adds channels to a server that follow a topic, each like one that is there. */
async function addFollowers({ discord, redisCommand }: World, topic: string, like: string, count: number) {
  const guild = discord.world.guilds.get(harbour);
  const channel = guild?.channels.get(like);
  if (!guild || !channel) throw new Error("The seeded world has changed.");
  const ids = Array.from({ length: count }, (_, index) => String(1_150_000_000_000_000_000n + BigInt(index)));
  for (const id of ids) {
    guild.channels.set(id, { ...channel, id, name: `copy-${id.slice(-3)}` } as typeof channel);
    await redisCommand("HSET", `sp:f:${topic}`, id, harbour);
    await redisCommand("HSET", `sp:fl:${harbour}`, `${topic} ${id}`, "");
  }
  return ids;
}

const messagesIn = ({ discord }: World, channelId: string): string[] =>
  [...(discord.world.messages.get(channelId)?.values() ?? [])].map(({ content }) => content);

/** Counts what Discord is sent, and how much of it it refuses. */
function watch({ discord }: World) {
  const seen = { refused: 0 };
  const { fetch } = discord.app;
  discord.app.fetch = async (...args: Parameters<typeof fetch>) => {
    const response = await fetch.apply(discord.app, args);
    if (response.status === 403) seen.refused += 1;
    return response;
  };
  return seen;
}

it("lets the posts of other servers pass 200 channels that refuse, and asks each of those once", async () => {
  const world = await open();
  const seen = watch(world);
  await addFollowers(world, "big.news", closed, 200);
  await world.redisCommand("HSET", "sp:f:other.news", accueil, quai);
  await post(world, "big.news", "to all");
  await post(world, "other.news", "to one");
  await world.pass(2 * minute);
  expect(messagesIn(world, accueil).filter((one) => one.includes("to one"))).toHaveLength(1);

  await world.pass(30 * minute);
  expect(seen.refused).toBeLessThanOrEqual(200);
  expect(await world.redisCommand("HLEN", "sp:f:big.news")).toBe(0);
  const asked = seen.refused;
  await post(world, "big.news", "once more");
  await world.pass(5 * minute);
  expect(seen.refused).toBe(asked);
  expect(await world.redisCommand("XLEN", "sp:bd:main:feeds")).toBe(0);
  expect(world.invocations.filter(({ refused }) => refused > 0)).toEqual([]);
});

it("says in the server's list why a channel gets no posts any more, until it is followed again", async () => {
  const world = await open();
  const { run, discord } = world;
  const grace = { user: "grace.h" };
  const [channel = ""] = await addFollowers(world, "big.news", closed, 1);
  await post(world, "big.news", "hello");
  await world.pass(minute);
  const list = await run(discord.command("/feed list", grace));
  expect(list.messages[0]?.content).toContain(`<#${channel}>, stopped: The bot may not write there any more.`);
});

it("forgets a server that removed the application: its followings, its settings and the jobs of its polls", async () => {
  const world = await open();
  const { run, discord } = world;
  const [channel = ""] = await addFollowers(world, "big.news", "1100000000000000111", 1);
  const form = await run(discord.command("/poll question:Lunch? closes:1h"));
  await run(discord.submit(form.interaction.token, { Answers: "Pizza\nSoup" }));
  const jobsOf = (guild: string) => world.redisCommand("ZCARD", `sp:j:of:polls-${guild}`);
  expect(await jobsOf(harbour)).toBe(1);
  await world.redisCommand("SET", `sp:g:${harbour}`, "{}");
  await world.redisCommand("HSET", `sp:fd:${harbour}`, "m1", "{}");
  world.discord.world.guilds.delete(harbour);
  await post(world, "big.news", "hello");
  await world.pass(minute);
  expect(messagesIn(world, channel)).toEqual([]);
  const kept = await Promise.all(
    ["sp:f:big.news", `sp:fl:${harbour}`, `sp:fd:${harbour}`, `sp:g:${harbour}`].map((key) =>
      world.redisCommand("EXISTS", key),
    ),
  );
  expect(kept).toEqual([0, 0, 0, 0]);
  expect(await jobsOf(harbour)).toBe(0);
  expect(await world.redisCommand("HLEN", "sp:j:jobs")).toBe(0);
});

it("lists a post as failing while it is tried, and no longer once it has arrived", async () => {
  const world = await open();
  const { run, discord, pass } = world;
  const grace = { user: "grace.h" };
  const failed = async () => (await run(discord.command("/feed failed", grace))).messages[0]?.content;
  await run(discord.command("/feed follow topic:tides", grace));
  discord.setRestFault({ status: 500, times: 8, path: "/messages" });
  await run(discord.command("/feed publish topic:tides text:High", grace));
  await pass(15_000);
  expect(await failed()).toMatch(/\*\*tides\*\* .* tries, still being tried: /);
  await pass(3 * minute);
  expect(await failed()).toContain("Everything was delivered.");
  expect(messagesIn(world, "1100000000000000111").filter((one) => one.includes("High"))).toHaveLength(1);
});

it.each([
  "null",
  "{}",
  '{"topic":"tides","channelId":7,"guildId":"1"}',
  '{"topic":null,"channelId":"7","guildId":"1"}',
])("sets a message aside that is no delivery, and keeps no failure of it for a server: %s", async (data) => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const world = await open();
  const { redisCommand, pass, run, discord } = world;
  const grace = { user: "grace.h" };
  await run(discord.command("/feed follow topic:tides", grace));
  await redisCommand("XADD", "sp:b:main", "*", "c", "delivery.7", "i", "x", "t", "message", "d", data, "s", "y");
  await run(discord.command("/feed publish topic:tides text:High", grace));
  await pass(10 * minute);
  expect(await redisCommand("XLEN", "sp:bd:main:feeds")).toBe(1);
  expect(await redisCommand("KEYS", "sp:fd:*")).toEqual([]);
  expect(messagesIn(world, "1100000000000000111").filter((one) => one.includes("High"))).toHaveLength(1);
});

it("lets channels of a server follow 50 topics and no more, however many ask at once", async () => {
  const world = await open();
  const { run, discord } = world;
  const grace = { user: "grace.h" };
  const asked = Array.from({ length: 60 }, (_, index) => discord.command(`/feed follow topic:t${index}`, grace));
  const texts = (await run(Promise.all(asked))).map(({ messages }) => messages[0]?.content ?? "");
  expect(texts.filter((text) => text.includes("follow 50 topics, the most that a server can have"))).toHaveLength(10);
  expect(await world.redisCommand("HLEN", `sp:fl:${harbour}`)).toBe(50);
  // To follow again what is followed already takes no room.
  const known = texts.findIndex((text) => text.includes("now follows"));
  const again = await run(discord.command(`/feed follow topic:t${known}`, grace));
  expect(again.messages[0]?.content).toContain("now follows");
});
