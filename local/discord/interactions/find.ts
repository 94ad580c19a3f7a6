import type { World } from "../world/world.ts";
import { LineError } from "./line-error.ts";

/** Returns the ID of a user by name or ID. Throws a `LineError` that lists the users. */
export function findUserId(world: World, name: string): string {
  const found = [...world.users.values()].find(
    ({ id, username }) => id === name || username === name.replace(/^@/, ""),
  );
  if (found) return found.id;
  const names = [...world.users.values()].map((user) => user.username).join(", ");
  throw new LineError(`There is no user "${name}". Users: ${names}.`);
}

/** Returns the ID of a channel by name or ID, `dm` or `group-dm`. Throws a `LineError` that lists the channels. */
export function findChannelId(world: World, name: string): string {
  if (name === "dm" || name === "group-dm" || name === world.groupChannel.id) return name;
  const channels = [...world.guilds.values()].flatMap(({ channels }) => [...channels.values()]);
  const found = channels.find((channel) => channel.id === name || channel.name === name.replace(/^#/, ""));
  const direct = [...world.directChannels].find(([, { id }]) => id === name);
  if (direct) return "dm";
  if (found) return found.id;
  throw new LineError(
    `There is no channel "${name}". Channels: dm, group-dm, ${channels.map((channel) => `#${channel.name}`).join(", ")}.`,
  );
}
