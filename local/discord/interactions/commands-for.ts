import type { APIApplicationCommand } from "discord-api-types/v10";
import { commandsOf, type World } from "../world/world.ts";
import type { Sender } from "./build.ts";

/** Returns the commands registered for where a person is. The server's come first: they hide global ones of the same name. */
export const commandsFor = (world: World, { guild }: Pick<Sender, "guild">): APIApplicationCommand[] => [
  ...(guild ? commandsOf(world, guild.guild.id).values() : []),
  ...commandsOf(world, "global").values(),
];
