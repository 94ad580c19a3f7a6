import { ComponentType } from "discord-api-types/v10";
import { expect, it } from "vitest";
import { type EntityKind, findEntities, findEntity } from "../../../../../local/discord/interactions/entities.ts";
import { findChannelId, findUserId } from "../../../../../local/discord/interactions/find.ts";
import { openDirectChannel } from "../../../../../local/discord/world/world.ts";
import { ada, general, grace, linus, moderators, news, robin, sailors, startWorld } from "./support.ts";

const all: EntityKind[] = ["user", "role", "channel"];

it.each<[string, EntityKind[], string | undefined]>([
  ["ada", all, ada],
  ["@ADA", all, ada],
  ["Grace", all, grace],
  ["grace.h", all, grace],
  ["Robin “the very long display name” B.", all, robin],
  [`<@${linus}>`, all, linus],
  [`<@!${linus}>`, all, linus],
  [`<@&${sailors}>`, all, sailors],
  [`<#${general}>`, all, general],
  [linus, all, linus],
  [sailors, all, sailors],
  [general, all, general],
  ["#General", all, general],
  ["@moderators", all, moderators],
  ["@moderators", ["role"], moderators],
  // A name of two kinds is of the first.
  ["#moderators", ["channel", "role"], "1100000000000000113"],
  ["#moderators", ["user", "channel"], "1100000000000000113"],
  [linus, ["role", "channel"], undefined],
  [general, ["user"], undefined],
  ["nobody", all, undefined],
  ["1999999999999999999", all, undefined],
  [`x<@${linus}>`, all, undefined],
  ["", all, undefined],
  ["ada", [], undefined],
])("finds %j among %j", (text, kinds, id) => {
  const { world, guild } = startWorld();
  expect(findEntity(text, kinds, world, guild)).toBe(id);
});

it("finds people alone outside of a server", () => {
  const { world } = startWorld();
  expect(findEntity("ada", all, world, undefined)).toBe(ada);
  for (const text of [sailors, "#general", general]) expect(findEntity(text, all, world, undefined)).toBeUndefined();
});

const { UserSelect, RoleSelect, MentionableSelect, ChannelSelect } = ComponentType;
it.each<[string, object, string[], unknown]>([
  ["people", { type: UserSelect }, ["ada", "linus"], [ada, linus]],
  ["a role as a person", { type: UserSelect }, ["@Sailors"], 'There is no user "@Sailors" to choose here.'],
  ["roles", { type: RoleSelect }, ["Sailors"], [sailors]],
  ["a person as a role", { type: RoleSelect }, ["ada"], 'There is no role "ada" to choose here.'],
  ["both", { type: MentionableSelect }, ["ada", "Sailors"], [ada, sailors]],
  ["a channel as either", { type: MentionableSelect }, ["#news"], 'There is no user or role "#news" to choose here.'],
  ["channels", { type: ChannelSelect }, ["news", "general"], [news, general]],
  ["a person as a channel", { type: ChannelSelect }, ["ada"], 'There is no channel "ada" to choose here.'],
  ["a channel of one type", { type: ChannelSelect, channel_types: [5] }, ["news"], [news]],
  [
    "a channel of another type",
    { type: ChannelSelect, channel_types: [5] },
    ["general"],
    "#general has a channel type that cannot be chosen here.",
  ],
  ["a channel of any type", { type: ChannelSelect, channel_types: [] }, ["general"], [general]],
  ["a person where types of channels are named", { type: UserSelect, channel_types: [5] }, ["ada"], [ada]],
])("chooses %s in a menu", (_name, menu, chosen, expected) => {
  const { context, guild } = startWorld();
  const choose = () => {
    try {
      return findEntities(context, guild, menu as never, chosen);
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(choose()).toEqual(expected);
});

it("finds a person by ID or user name, and lists them where there is none", () => {
  const { world } = startWorld();
  expect([linus, "linus", "@linus"].map((name) => findUserId(world, name))).toEqual([linus, linus, linus]);
  for (const name of ["Linus", "x"])
    expect(() => findUserId(world, name)).toThrow(
      `There is no user "${name}". Users: sandpiper, ada, grace.h, linus, mei_lin, robin, stranger.`,
    );
});

it("finds a channel by ID or name in any server, direct messages and the group", () => {
  const { world, context } = startWorld();
  const user = world.users.get(linus);
  const direct = user ? openDirectChannel(world, user, context.createId).id : "";
  const found = (name: string) => findChannelId(world, name);
  expect([news, "news", "#news", "accueil"].map(found)).toEqual([news, news, news, "1100000000000000211"]);
  expect(["dm", direct, "group-dm", world.groupChannel.id].map(found)).toEqual([
    "dm",
    "dm",
    "group-dm",
    world.groupChannel.id,
  ]);
  expect(() => found("x")).toThrow(
    'There is no channel "x". Channels: dm, group-dm, #Piers, #general, #news, #moderators, #Radio, #knots, #accueil, #annonces.',
  );
});
