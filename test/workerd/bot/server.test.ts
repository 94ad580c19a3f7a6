import { expect, it } from "vitest";
import { channel } from "../../../src/bot/channel.ts";
import { server } from "../../../src/bot/server.ts";
import { guildOnly } from "../../../src/discord/index.ts";

// What `/server` and `/channel` say, over entities that a test makes up.

interface Shown {
  guards?: readonly unknown[];
  ephemeral: boolean;
  contexts: readonly number[];
  run(interaction: object, services: object): Promise<string>;
}
const [[ofServer], [ofChannel]] = [server.handlers, channel.handlers] as unknown as [[Shown], [Shown]];
const entry = (value: unknown) => ({ value, source: "redis", ageMs: 2_500, isStale: true });
const source = "-# from Redis, 3 s old, being refreshed";

const guild = {
  name: "The *Harbour*",
  description: "Ships [here](https://x.y)",
  owner_id: "5",
  preferred_locale: "en-US",
  approximate_member_count: 7,
  features: ["COMMUNITY", "NEWS"],
};

async function showServer(value: unknown, roles: unknown) {
  const asked: string[] = [];
  const entities = {
    guild: async (id: string) => (asked.push(id), entry(value)),
    roles: async (id: string) => (asked.push(id), entry(roles)),
  };
  const text = await ofServer.run({ guildId: "1" }, { entities });
  expect(asked).toEqual(["1", "1"]);
  return text.split("\n");
}

it("shows a server with its description and features, as they were written", async () => {
  expect(await showServer(guild, [1, 2, 3])).toEqual([
    String.raw`**The \*Harbour\*** · Ships [here]\(https://x.y)`,
    "Owned by <@5>, language en-US",
    "7 members, 3 roles, community, news",
    source,
  ]);
});

it("shows a server of which Discord tells little", async () => {
  const bare = { ...guild, description: null, approximate_member_count: undefined, features: [] };
  expect(await showServer(bare, undefined)).toEqual([
    String.raw`**The \*Harbour\***`,
    "Owned by <@5>, language en-US",
    "? members, ? roles",
    source,
  ]);
  const long = { ...guild, description: "x".repeat(501) };
  expect((await showServer(long, []))[0]).toBe(String.raw`**The \*Harbour\*** · ${"x".repeat(499)}…`);
  expect(await showServer(undefined, undefined)).toEqual([
    "The bot is not in this server, so Discord tells it nothing about it.",
  ]);
});

it("asks for this channel, or for the one that is named", async () => {
  const asked: unknown[] = [];
  const known = { id: "2", topic: "Anything *goes*", nsfw: true, parent_id: "3", rate_limit_per_user: 4 };
  const show = async (value: unknown, more: object = {}) => {
    const entities = { channel: async (...ids: unknown[]) => (asked.push(ids), entry(value)) };
    return ofChannel.run({ options: {}, channelId: "2", guildId: "1", ...more }, { entities });
  };
  expect((await show(known)).split("\n")).toEqual([
    "<#2> · Anything *goes*",
    "In <#3>",
    "Age-restricted",
    "One message in 4 s",
    source,
  ]);
  const bare = { id: "2", topic: "", nsfw: false, parent_id: null, rate_limit_per_user: 0 };
  // https://docs.discord.com/developers/topics/permissions: 1024 is "view channel".
  expect(await show(bare, { options: { channel: { id: "9", permissions: "1024" } } })).toBe(`<#2>\n${source}`);
  const hidden = { id: "9", permissions: "2048" };
  expect(await show(known, { options: { channel: hidden } })).toBe("You cannot see that channel.");
  expect(await show({ ...bare, topic: "x".repeat(1_101) })).toContain(`<#2> · ${"x".repeat(1_099)}…\n`);
  expect(await show(undefined, { channelId: undefined })).toBe("The bot cannot see that channel.");
  expect(asked).toEqual([
    ["2", "1"],
    ["9", "1"],
    ["2", "1"],
    ["", "1"],
  ]);
});

it("shows both to the person alone, in servers only", () => {
  for (const { ephemeral, contexts } of [ofServer, ofChannel]) expect([ephemeral, contexts]).toEqual([true, [0]]);
  expect(ofServer.guards).toEqual([guildOnly]);
});
