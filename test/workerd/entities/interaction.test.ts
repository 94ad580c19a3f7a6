import { expect, it } from "vitest";
import { entitiesIn, type InteractionEntities } from "../../../src/entities/interaction.ts";

const person = (id: string) => ({
  id,
  username: `user ${id}`,
  discriminator: "0",
  avatar: null,
  global_name: null,
  email: "a@b.c",
});
const channel = (id: string) => ({ id, type: 0, name: "general", position: 0, parent_id: null, permissions: "8" });
const membership = { roles: ["9"], joined_at: "2026-01-01T00:00:00Z", permissions: "8" };

const keysOf = (interaction: object) => {
  const { users, members, channels } = entitiesIn(interaction);
  return [users, members, channels].map((map) => [...map.keys()]);
};

it("finds who used an interaction, where, and what its options name", () => {
  const carried = {
    guild_id: "1",
    member: { ...membership, user: person("3") },
    channel: channel("2"),
    data: {
      resolved: {
        users: { "4": person("4") },
        members: { "4": membership },
        channels: { "5": channel("5"), "6": { id: "6", type: 0, name: "in part", permissions: "0" } },
      },
    },
  };
  expect(keysOf(carried)).toEqual([
    ["3", "4"],
    ["1:3", "1:4"],
    ["1:2", "1:5"],
  ]);
  const { users, members, channels } = entitiesIn(carried as unknown as InteractionEntities);
  // Neither what is private nor what holds for this interaction alone.
  expect(users.get("3")).toEqual({ id: "3", username: "user 3", discriminator: "0", avatar: null, global_name: null });
  expect(members.get("1:4")).toEqual({ roles: ["9"], joined_at: "2026-01-01T00:00:00Z" });
  expect(channels.get("1:5")).toEqual({ id: "5", type: 0, name: "general", position: 0, parent_id: null });
});

it("takes no member from outside of a guild", () => {
  expect(
    keysOf({ user: person("3"), channel: channel("2"), data: { resolved: { members: { "3": membership } } } }),
  ).toEqual([["3"], [], [":2"]]);
});

const without = (field: string) => Object.fromEntries(Object.entries(channel("2")).filter(([name]) => name !== field));

it.each<object>([
  ...["id", "name", "position", "parent_id"].map((field) => ({ channel: without(field) })),
  { guild_id: "1" },
  {},
  { data: null },
  { data: [] },
  { channel: "2" },
  { channel: null },
  { channel: { id: "2" } },
])("finds nothing in %j", (interaction) => {
  expect(keysOf(interaction)).toEqual([[], [], []]);
});
