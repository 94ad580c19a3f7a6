import { describe, expect, it } from "vitest";
import { busOf } from "../../runtime/support.ts";
import { channels, harbour, startTown } from "../support.ts";

// What becomes of posts that Discord does not take at once.

const town = await startTown();
const grace = town.as("grace.h");
const [second, minute, day] = [1_000, 60_000, 86_400_000];
const key = `sp:fd:${harbour}`;

const count = (channelId: string, text: string) =>
  town.messagesIn(channelId).filter(({ content }) => content.includes(text)).length;
const refuse = (status: number, times: number) => town.discord.setRestFault({ status, times, path: "/messages" });
const failed = async () => (await grace.command("/feed failed")).text;
const follow = (topic: string, channel = "#general") => grace.command(`/feed follow topic:${topic} channel:${channel}`);
const publish = (topic: string, text: string) => grace.command(`/feed publish topic:${topic} text:${text}`);

describe("a post that Discord does not take", () => {
  it("is tried five times, then given up and kept for its server for a week", async () => {
    await follow("storm");
    refuse(500, 1_000);
    await publish("storm", "Given up");
    await town.pass(10 * minute);
    expect(await failed()).toMatch(/storm .*, 5 tries, given up: /);
    const [id = ""] = (await town.redisCommand("HKEYS", key)) as string[];
    const [lifeMs = 0] = (await town.redisCommand("HPTTL", key, "FIELDS", 1, id)) as number[];
    expect(lifeMs).toBeLessThanOrEqual(7 * day);
    expect(lifeMs).toBeGreaterThan(7 * day - 10 * minute);
    town.discord.setRestFault(undefined);
    await town.pass(10 * minute);
    expect(count(channels.general, "Given up")).toBe(0);
    await town.redisCommand("DEL", key);
  });

  it("is shown once although Discord's answer was lost, as is the greeting of a channel that follows", async () => {
    town.discord.setRestFault({ status: 502, times: 2, isAfter: true, path: "/messages" });
    expect((await follow("tides")).text).toContain("now follows tides");
    expect(count(channels.general, "now follows **tides**")).toBe(1);
    town.discord.setRestFault({ status: 502, times: 2, isAfter: true, path: "/messages" });
    await publish("tides", "High at noon");
    await town.pass(2 * minute);
    expect(count(channels.general, "High at noon")).toBe(1);
  });

  it("is shown once although its first invocation could not settle it, and another tries it again", async () => {
    await follow("swell");
    // Four tries of the client take effect, and their answers are lost: the delivery is tried again.
    town.discord.setRestFault({ status: 502, times: 4, isAfter: true, path: "/messages" });
    await publish("swell", "Two metres");
    await town.pass(2 * minute);
    expect(count(channels.general, "Two metres")).toBe(1);
    expect(await failed()).toContain("Everything was delivered.");
  });

  it("is not posted any more where a person unfollowed meanwhile", async () => {
    await follow("squall");
    await follow("squall", "#news");
    refuse(500, 8);
    await publish("squall", "Reef the sails");
    await town.pass(15 * second);
    await grace.command("/feed unfollow topic:squall channel:#news");
    await town.pass(5 * minute);
    expect([count(channels.general, "Reef the sails"), count(channels.news, "Reef the sails")]).toEqual([1, 0]);
    // It is not said to be tried any more either.
    expect(await failed()).toContain("Everything was delivered.");
  });
});

it("is followed by no channel that cannot be greeted now, and says that this went wrong", async () => {
  town.discord.setRestFault({ status: 500, times: 100, path: "/channels/" });
  expect((await follow("unheard")).text).toContain("Something went wrong");
  town.discord.setRestFault(undefined);
  expect((await grace.command("/feed list")).text).not.toContain("unheard");
});

describe("a post that waits on the bus", () => {
  it.each([
    ["is not posted where a person unfollowed meanwhile", "#news", 0],
    ["is posted where the channel still follows", "#general", 1],
  ])("%s", async (_title, unfollowed, posted) => {
    const topic = `late-${posted}`;
    await follow(topic);
    await follow(topic, "#news");
    // Published past the Worker, as by an invocation that ended before it delivered.
    await busOf(town).publish("delivery.1100000000000000112", {
      topic: `@${harbour}.${topic}`,
      channelId: channels.news,
      guildId: harbour,
      data: `Late ${posted}`,
    });
    await grace.command(`/feed unfollow topic:${topic} channel:${unfollowed}`);
    await town.pass(11 * second);
    await publish("storm", "Wakes the workers");
    await town.pass(minute);
    expect(count(channels.news, `Late ${posted}`)).toBe(posted);
  });
});

describe("a channel that is refused", () => {
  const followers = (topic: string) => town.redisCommand("HKEYS", `sp:f:@${harbour}.${topic}`);

  it("keeps nothing of what it follows once it is deleted, and its server's other channels go on", async () => {
    await follow("ghosts");
    await follow("ghosts", "#news");
    await follow("other", "#news");
    const { channels: known } = town.discord.world.guilds.get(harbour) ?? { channels: new Map() };
    const news = known.get(channels.news);
    known.delete(channels.news);
    await publish("ghosts", "Boo");
    await town.pass(5 * minute);
    expect(await followers("ghosts")).toEqual([channels.general]);
    expect(await followers("other")).toEqual([]);
    expect(count(channels.general, "Boo")).toBe(1);
    expect((await grace.command("/feed list")).text).not.toContain("other");
    expect(await failed()).toContain("Everything was delivered.");
    known.set(channels.news, news);
  });

  it("does not make its server forgotten while Discord does not say whether the bot is in it", async () => {
    await follow("fog", "#news");
    await town.redisCommand("SET", `sp:g:${harbour}`, "{}");
    const { channels: known } = town.discord.world.guilds.get(harbour) ?? { channels: new Map() };
    const news = known.get(channels.news);
    known.delete(channels.news);
    town.discord.setRestFault({ status: 500, times: 100, path: "/guilds/" });
    // What was asked within the last minute is known.
    await town.pass(2 * minute);
    await publish("fog", "Cannot see");
    await town.pass(2 * minute);
    expect(await town.redisCommand("EXISTS", `sp:g:${harbour}`)).toBe(1);
    expect(await followers("fog")).toEqual([]);
    town.discord.setRestFault(undefined);
    known.set(channels.news, news);
  });

  it("is told in the list why its posts stopped, and is not asked again, when the bot lost its permission", async () => {
    await follow("private", "#news");
    await follow("private");
    const news = town.discord.world.guilds.get(harbour)?.channels.get(channels.news);
    const hidden = [{ id: town.discord.applicationId, type: 1, allow: "0", deny: String(1 << 10) }];
    Object.assign(news ?? {}, { permission_overwrites: hidden });
    await publish("private", "Psst");
    await town.pass(5 * minute);
    expect((await grace.command("/feed list")).text).toMatch(
      /private in #1100000000000000112, stopped: The bot may not write there any more\. \/feed follow starts it again\./,
    );
    expect(await followers("private")).toEqual([channels.general]);
    expect(count(channels.general, "Psst")).toBe(1);
    Object.assign(news ?? {}, { permission_overwrites: [] });
    await publish("private", "Anyone there?");
    await town.pass(5 * minute);
    expect(count(channels.news, "Anyone there?")).toBe(0);
    await follow("private", "#news");
    expect((await grace.command("/feed list")).text).not.toContain("stopped");
  });
});
