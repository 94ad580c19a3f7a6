import { expect, it } from "vitest";
import { createEngine, createRedisRestServer } from "../../../../local/redis/index.ts";
import {
  endFollowings,
  follow,
  followersOf,
  followingsIn,
  forgetFollowings,
  isFollowing,
  unfollow,
} from "../../../../src/bot/feeds/followings.ts";
import { createConnection, createRedisState } from "../../../../src/redis/index.ts";

const server = await createRedisRestServer({ backend: await createEngine(), token: "t" });
const { commands } = createConnection({ url: server.url, token: "t", state: createRedisState() });
const services = { redis: { commands }, config: { keyPrefix: "t:" } } as never;

const at = (topic: string, channelId: string, guildId = "7") => ({ topic, channelId, guildId });

it("keeps what channels follow by topic and by server, in order, until they stop or the server is forgotten", async () => {
  const all = [at("@7.b", "2"), at("@7.b", "10"), at("a.c", "2"), at("a.c", "5", "8")];
  for (const one of all) expect(await follow(services, one)).toBe(true);
  // A damaged field, which names no channel.
  await commands.hset("t:fl:7", { "@7.x": "", " 3": "" });
  expect((await followingsIn(services, "7")).map(({ topic }) => topic)).toEqual(["a.c", "@7.b", "@7.b"]);
  expect(await followersOf(services, "@7.b")).toEqual([at("@7.b", "10"), at("@7.b", "2")]);
  expect(await followersOf(services, "a.c")).toEqual([at("a.c", "2"), at("a.c", "5", "8")]);
  await unfollow(services, at("@7.b", "2"));
  expect([await isFollowing(services, at("@7.b", "2")), await isFollowing(services, at("@7.b", "10"))]).toEqual([
    false,
    true,
  ]);
  await commands.hset("t:fl:7", { "@7.b 10": "It ended." });
  expect((await followingsIn(services, "7"))[1]).toEqual({ ...at("@7.b", "10"), ended: "It ended." });
  await follow(services, at("@7.b", "10"));
  expect((await followingsIn(services, "7"))[1]).toEqual(at("@7.b", "10"));
  await commands.hset("t:fd:7", { m1: "{}" });
  await forgetFollowings(services, "7");
  expect(await commands.exec(["KEYS", "*"])).toEqual(expect.arrayContaining(["t:fl:8", "t:f:a.c"]));
  expect(await commands.exec(["DBSIZE"])).toBe(2);
  expect(await followersOf(services, "a.c")).toEqual([at("a.c", "5", "8")]);
});

it("fails where Redis does, whatever is to be forgotten", async () => {
  const fail = () => Promise.reject(new Error("no Redis"));
  const exec = async () => ["@7.b 2", ""];
  const broken = {
    redis: { commands: { exec, hdel: fail, unlink: fail, hset: fail } },
    config: { keyPrefix: "t:" },
  } as never;
  for (const work of [
    () => unfollow(broken, at("@7.b", "2")),
    () => endFollowings(broken, "7", [at("@7.b", "2")], new Map([["2", undefined]])),
    () => forgetFollowings(broken, "7"),
  ])
    await expect(work()).rejects.toThrow("no Redis");
});

it("lets a server have fifty followings, and refuses one more that it does not have yet", async () => {
  for (let count = 1; count <= 50; count++) expect(await follow(services, at(`@9.t${count}`, "1", "9"))).toBe(true);
  expect(await follow(services, at("@9.more", "1", "9"))).toBe(false);
  expect(await followersOf(services, "@9.more")).toEqual([]);
  expect(await follow(services, at("@9.t1", "1", "9"))).toBe(true);
  expect(await follow(services, at("@8.more", "1", "8"))).toBe(true);
  expect(await followingsIn(services, "9")).toHaveLength(50);
  await server.close();
});
