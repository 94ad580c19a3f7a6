import { type APIUser, PermissionFlagsBits } from "discord-api-types/v10";
import type { Guild, World } from "../../discord/index.ts";
import { permissionsIn } from "../../discord/index.ts";
import type { GuildView, PersonView } from "../protocol.ts";

// People and roles as the page shows them.

const { Administrator, ManageGuild, ManageMessages } = PermissionFlagsBits;

/** Returns a user as the page shows one. */
export function viewPerson(world: World, user: APIUser): PersonView {
  const { id, username, global_name, avatar, bot = false } = user;
  return {
    id,
    username,
    name: global_name ?? username,
    avatar: `/cdn/avatars/${id}/${avatar ?? "0"}.png`,
    isBot: bot,
    role: bot ? "application" : roleOf(world, id),
  };
}

/** Returns the people to act as, in the order of the seed: all users but bots. */
export const peopleOf = (world: World): PersonView[] =>
  [...world.users.values()].filter(({ bot }) => !bot).map((user) => viewPerson(world, user));

/** Returns the members of a server, with the names and colours that they have there. */
export const membersOf = (world: World, { members, roles }: Guild): GuildView["members"] =>
  [...members.values()].map(({ user, nick, roles: own }) => {
    const colored = own
      .flatMap((id) => roles.get(id) ?? [])
      .filter((role) => role.color !== 0)
      .toSorted((a, b) => b.position - a.position)[0];
    const person = viewPerson(world, user);
    return { ...person, name: nick ?? person.name, roles: own, ...(colored && { color: colored.color }) };
  });

// --- Internal helpers ---

/** Returns the role that a user has in the first server that the user is a member of. */
function roleOf(world: World, id: string): string {
  const guild = [...world.guilds.values()].find(({ members }) => members.has(id));
  if (!guild) return "stranger";
  const held = BigInt(permissionsIn(guild, id));
  if (held & Administrator) return "administrator";
  return held & (ManageGuild | ManageMessages) ? "moderator" : "member";
}
