import type { ChannelView, GuildView, PersonView } from "../../protocol.ts";
import { useChannel, useWorld } from "../client/use-client.ts";
import type { Choice, SelectView } from "./select-view.ts";

const kinds: Readonly<Record<number, readonly ("user" | "role" | "channel")[]>> = {
  5: ["user"],
  6: ["role"],
  7: ["user", "role"],
  8: ["channel"],
};

export const isSelect = ({ type }: { type: number }): boolean => type === 3 || kinds[type] !== undefined;

/** Returns the choices of a menu: its own, or the people, roles and channels that the person can see. */
export function useChoices({ type, options, channel_types }: SelectView): readonly Choice[] {
  const world = useWorld();
  const { guild, channel } = useChannel();
  if (options) return options;
  const wanted = kinds[type] ?? [];
  const people = guild?.members ?? [world.me, ...(channel ? world.people : [])];
  const seen = new Set<string>();
  return [
    ...(wanted.includes("user") ? people.map(personChoice) : []),
    ...(wanted.includes("role") ? rolesOf(guild) : []),
    ...(wanted.includes("channel") ? channelsOf(guild, channel, channel_types) : []),
  ].filter(({ value }) => !seen.has(value) && seen.add(value));
}

/** Returns the values that a menu shows as chosen before anything is chosen. */
export const defaultsOf = ({ options = [], default_values = [] }: SelectView): readonly string[] => [
  ...options.filter((one) => one.default).map(({ value }) => value),
  ...default_values.map(({ id }) => id),
];

export const personChoice = ({ id, name, username, avatar }: PersonView): Choice => ({
  value: id,
  label: name,
  description: username,
  picture: avatar,
});

export const rolesOf = (guild: GuildView | undefined): Choice[] =>
  (guild?.roles ?? []).map(({ id, name, color }) => ({
    value: id,
    label: `@${name.replace(/^@/, "")}`,
    colour: color,
  }));

export const channelsOf = (
  guild: GuildView | undefined,
  channel: ChannelView | undefined,
  types: readonly number[] | undefined,
): Choice[] =>
  (guild?.channels ?? (channel ? [channel] : []))
    .filter(({ type }) => types === undefined || types.length === 0 || types.includes(type))
    .map(({ id, name }) => ({ value: id, label: `#${name}` }));
