import { PermissionFlagsBits } from "discord-api-types/v10";
import { expect, it } from "vitest";
import { createSeededWorld, defaults } from "../../../../../local/discord/world/seed.ts";
import { entryOf, findChannel, openDirectChannel } from "../../../../../local/discord/world/world.ts";

const names = (bits: string) =>
  Object.entries(PermissionFlagsBits)
    .flatMap(([name, bit]) => ((BigInt(bits) & bit) === 0n ? [] : [name]))
    .join(" ");

it("has two servers, whose people, roles and channels never change", () => {
  const { guilds } = createSeededWorld();
  const shown = [...guilds.values()].map(({ guild, roles, channels, members }) => ({
    guild: [guild.id, guild.name, guild.owner_id, guild.preferred_locale, guild.description].join(" | "),
    roles: [...roles.values()].map(({ id, name, position, color, colors, hoist, mentionable, managed, permissions }) =>
      [
        id,
        name,
        position,
        color.toString(16),
        colors.primary_color.toString(16),
        hoist,
        mentionable,
        managed,
        names(permissions),
      ].join(" | "),
    ),
    channels: [...channels.values()].map((one) => JSON.stringify(one)),
    members: [...members.values()].map(({ user, roles, nick }) => [user.username, nick, ...roles].join(" | ")),
  }));
  expect(shown).toMatchSnapshot();
});

it("has the fields that Discord sends, at the defaults of Discord", () => {
  const { guilds, users, bot, skus, groupChannel, team, ...empty } = createSeededWorld();
  const [harbour] = guilds.values();
  const [role] = harbour?.roles.values() ?? [];
  const [member] = harbour?.members.values() ?? [];
  expect({
    guild: harbour?.guild,
    role,
    member,
    users: [...users.values()],
    bot: bot.id,
    skus,
    groupChannel,
    team,
  }).toMatchSnapshot();
  expect(Object.entries(empty).filter(([, map]) => (map as Map<string, unknown>).size > 0)).toEqual([]);
});

it("is a fresh copy each time", () => {
  const [one, other] = [createSeededWorld(), createSeededWorld()];
  expect(one).toEqual(other);
  one.users.clear();
  one.guilds.get("1100000000000000100")?.roles.clear();
  expect([other.users.size, other.guilds.get("1100000000000000100")?.roles.size]).toEqual([7, 4]);
});

it("finds a channel of a server, of direct messages, and the group", () => {
  const world = createSeededWorld();
  const user = world.users.get(defaults.userId);
  if (!user) throw new Error("The default person is missing.");
  const direct = openDirectChannel(world, user, () => "7");
  expect(direct).toEqual({ id: "7", type: 1, recipients: [user], last_message_id: null, flags: 0 });
  expect(openDirectChannel(world, user, () => "8")).toBe(direct);
  expect(findChannel(world, defaults.channelId)).toMatchObject({
    channel: { name: "general" },
    guild: { guild: { name: "The Harbour" } },
  });
  expect(findChannel(world, "7")).toEqual({ channel: direct });
  expect(findChannel(world, world.groupChannel.id)).toEqual({ channel: world.groupChannel });
  expect(findChannel(world, "9")).toBeUndefined();
});

it("creates the entry of a map once", () => {
  const map = new Map([["a", 0]]);
  expect([entryOf(map, "a", () => 1), entryOf(map, "b", () => 2), entryOf(map, "b", () => 3)]).toEqual([0, 2, 2]);
});
