import type { World } from "../../../discord/index.ts";

/** Returns a person by user name. */
export const personName = (world: World, id: string | undefined): string =>
  world.users.get(id ?? "")?.username ?? id ?? "";

/** Returns a channel as the kit and `npm run send` take it: `#general`, `dm`, `group-dm`, or an ID. */
export function channelName(world: World, id: string | undefined): string {
  if (id === world.groupChannel.id) return "group-dm";
  if ([...world.directChannels.values()].some((channel) => channel.id === id)) return "dm";
  const channels = [...world.guilds.values()].flatMap((guild) => [...guild.channels.values()]);
  const name = channels.find((channel) => channel.id === id)?.name;
  const isUnique = channels.filter((channel) => channel.name === name).length === 1;
  return name && isUnique ? `#${name}` : (id ?? "");
}
