import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createEngine, createRedisRestServer, type RedisRestServer } from "../../../local/redis/index.ts";
import { createCache, createCacheState } from "../../../src/cache/index.ts";
import { createEntities } from "../../../src/entities/index.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createDiscord } from "../support.ts";

const guild = "1100000000000000100";
const linus = "1100000000000000013";
const general = "1100000000000000111";

let redis: RedisRestServer;
beforeEach(async () => {
  const server = await createRedisRestServer({ backend: await createEngine(), token: "t" });
  redis = server;
  onTestFinished(() => server.close());
});

/** Discord, and isolates that share one Redis. */
function createWorld() {
  const discord = createDiscord();
  const background: Promise<unknown>[] = [];
  return {
    ...discord,
    isolate() {
      const connection = createConnection({ url: redis.url, token: "t", state: createRedisState() });
      const waitUntil = (work: Promise<unknown>) => void background.push(work);
      const cache = createCache({
        state: createCacheState(),
        redis: () => connection.commands,
        prefix: "t:",
        waitUntil,
      });
      return createEntities({ cache, discord: discord.rest(), waitUntil });
    },
    async settled() {
      while (background.length > 0) await background.shift();
    },
  };
}

describe("entities", () => {
  const user = { id: linus, username: "linus", discriminator: "0", avatar: null, global_name: null };

  it("asks Discord for an entity once, whichever isolates read it", async () => {
    const { isolate, seen, settled } = createWorld();
    const one = isolate();
    expect((await one.user(linus)).value).toMatchObject({ id: linus, username: "linus" });
    expect((await one.guild(guild)).value).toMatchObject({ name: "The Harbour", approximate_member_count: 6 });
    expect((await one.channel(general, guild)).value).toMatchObject({ name: "general", topic: "Anything." });
    expect((await one.member(guild, linus)).value).toMatchObject({ roles: ["1100000000000000102"] });
    expect(await one.role(guild, "1100000000000000101")).toMatchObject({ name: "Moderators" });
    await settled();
    expect(seen).toHaveLength(5);
    const other = isolate();
    expect(await other.user(linus)).toMatchObject({ source: "redis", value: { username: "linus" } });
    await Promise.all([
      other.guild(guild),
      other.channel(general, guild),
      other.member(guild, linus),
      other.roles(guild),
    ]);
    expect(seen).toHaveLength(5);
    expect(other.stats().user).toMatchObject({ redisHits: 1, fetches: 0, hitRate: 1 });
  });

  it("caches the fields that a bot needs, and no email address", async () => {
    const { isolate } = createWorld();
    const { value } = await isolate().user("1100000000000000014");
    expect(value).toMatchObject({ global_name: "梅琳 🌊", primary_guild: { tag: "SAND" }, banner: null });
    expect(Object.keys(value ?? {})).not.toContain("email");
  });

  it("remembers that an entity does not exist, or that the bot may not see it", async () => {
    const { isolate, seen } = createWorld();
    const one = isolate();
    for (let index = 0; index < 3; index++) {
      expect((await one.user("1100000000000009999")).value).toBeUndefined();
      expect((await one.channel("1100000000000000113", guild)).value).toBeUndefined();
    }
    expect(seen).toHaveLength(2);
  });

  it("reads a batch with one command, and asks Discord only for the entities that Redis lacks", async () => {
    const { isolate, seen, settled } = createWorld();
    await isolate().user(linus);
    await settled();
    const ids = [linus, "1100000000000000011", "1100000000000009999"];
    const users = await isolate().users(ids);
    expect([...users.keys()].toSorted()).toEqual(["1100000000000000011", linus]);
    expect(seen.map(({ path }) => path)).toEqual([
      `/users/${linus}`,
      "/users/1100000000000000011",
      "/users/1100000000000009999",
    ]);
  });

  it("preloads a guild with its channels and roles, and forgets them together", async () => {
    const { isolate, seen, settled } = createWorld();
    const one = isolate();
    redis.resetCounters();
    await one.preloadGuild(guild);
    expect(redis.counters().requests).toBe(2);
    expect(seen).toHaveLength(3);
    const other = isolate();
    await Promise.all([other.guild(guild), other.roles(guild), other.channel(general, guild)]);
    await settled();
    expect(seen).toHaveLength(3);
    redis.resetCounters();
    await one.invalidateGuild(guild);
    expect(redis.counters()).toMatchObject({ requests: 1, commands: 1 });
    const third = isolate();
    for (const read of [third.guild(guild), third.roles(guild), third.channel(general, guild)]) {
      expect((await read).source).toBe("fetch");
    }
  });

  it("remembers the entities that an interaction carries, and shares them with other isolates", async () => {
    const { isolate, seen, settled } = createWorld();
    const one = isolate();
    one.rememberFrom({
      guild_id: guild,
      member: { user, roles: [], joined_at: "2026-01-01T00:00:00Z", deaf: false, mute: false, flags: 0 as never },
      channel: { id: general, type: 0, name: "general", position: 0, parent_id: null, topic: "New topic" },
      data: { resolved: { channels: { "5": { id: "5", type: 0, name: "half", permissions: "0" } } } },
    });
    expect(await one.user(linus)).toMatchObject({ source: "L1", value: { username: "linus" } });
    expect((await one.member(guild, linus)).source).toBe("L1");
    expect((await one.channel(general, guild)).value?.topic).toBe("New topic");
    await settled();
    const other = isolate();
    expect((await other.user(linus)).source).toBe("redis");
    expect(seen).toEqual([]);
    expect((await other.channel("5", guild)).value).toBeUndefined();
    expect(seen).toHaveLength(1);
  });

  it("shares an interaction's entities with the first read, however late it comes, and with no read at no cost", async () => {
    const { isolate, seen, settled } = createWorld();
    const one = isolate();
    redis.resetCounters();
    one.rememberFrom({ user });
    await settled();
    expect(redis.counters().requests).toBe(0);
    expect((await one.user(linus)).source).toBe("L1");
    await settled();
    expect((await isolate().user(linus)).source).toBe("redis");
    expect(seen).toEqual([]);
  });

  it("preloads a guild without channels", async () => {
    const { isolate, answers } = createWorld();
    answers.push(...[{ id: guild, name: "Empty" }, [], []].map((body) => () => Response.json(body)));
    const one = isolate();
    await one.preloadGuild(guild);
    expect((await one.guild(guild)).value).toMatchObject({ name: "Empty" });
  });
});
