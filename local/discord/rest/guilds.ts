import { type APIGuildMember, PermissionFlagsBits } from "discord-api-types/v10";
import { Hono } from "hono";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import { boolean, type Fields, integer, list, moment, object, optional, snowflake, text } from "../validate/checks.ts";
import { permissionsIn } from "../world/permissions.ts";
import type { Guild } from "../world/world.ts";
import { isTrue, readCount, readFields, readId } from "./body.ts";

const memberChange = object({
  nick: optional(text(0, 32)),
  roles: optional(list(0, 250, snowflake)),
  mute: optional(boolean),
  deaf: optional(boolean),
  channel_id: optional(snowflake),
  communication_disabled_until: optional(moment),
  flags: optional(integer(0)),
});

const { ManageNicknames, ManageRoles, MuteMembers, DeafenMembers, MoveMembers, ModerateMembers, ManageGuild } =
  PermissionFlagsBits;
/**
 * The permission that a change of each field needs; one of several where there are some.
 * https://docs.discord.com/developers/resources/guild#modify-guild-member
 */
const needed: Record<string, bigint> = {
  nick: ManageNicknames,
  roles: ManageRoles,
  mute: MuteMembers,
  deaf: DeafenMembers,
  channel_id: MoveMembers,
  communication_disabled_until: ModerateMembers,
  flags: ManageGuild | ManageRoles | ModerateMembers,
};

/** Returns the routes for guilds, their channels, roles and members, within the permissions of the bot. */
export function guildRoutes({ world, emit }: Context): Hono {
  const app = new Hono();

  const guildOf = (id: string): Guild => {
    const guild = world.guilds.get(id);
    if (!guild) throw discordErrors.unknownGuild();
    return guild;
  };
  const memberOf = (guild: Guild, userId: string): APIGuildMember => {
    if (!world.users.has(userId)) throw discordErrors.unknownUser();
    const member = guild.members.get(userId);
    if (!member) throw discordErrors.unknownMember();
    return member;
  };
  /** Throws Discord's error unless the bot holds one of these permissions in the server. */
  const demand = (guild: Guild, bits: bigint): void => {
    if ((BigInt(permissionsIn(guild, world.bot.id)) & bits) === 0n) throw discordErrors.missingPermissions();
  };
  /** Throws Discord's error unless the bot may give and take these roles: those below its own highest alone. */
  const demandRoles = (guild: Guild, ids: readonly string[]): void => {
    demand(guild, ManageRoles);
    const positionOf = (id: string) => guild.roles.get(id)?.position ?? 0;
    const highest = Math.max(0, ...(guild.members.get(world.bot.id)?.roles ?? []).map(positionOf));
    if (ids.some((id) => positionOf(id) >= highest)) throw discordErrors.missingPermissions();
  };
  const rolesOf = (guild: Guild) => [...guild.roles.values()];

  app.get("/users/@me/guilds", (c) =>
    c.json(
      [...world.guilds.values()]
        .filter(({ members }) => members.has(world.bot.id))
        .map(({ guild: { id, name, icon, features } }) => ({
          id,
          name,
          icon,
          features,
          owner: false,
          permissions: "0",
        })),
    ),
  );
  app.get("/guilds/:guild", (c) => {
    const guild = guildOf(c.req.param("guild"));
    const counts = isTrue(c.req.query("with_counts")) && {
      approximate_member_count: guild.members.size,
      approximate_presence_count: guild.members.size,
    };
    return c.json({ ...guild.guild, roles: rolesOf(guild), ...counts });
  });
  app.get("/guilds/:guild/channels", (c) => {
    const threads = new Set([10, 11, 12]);
    return c.json([...guildOf(c.req.param("guild")).channels.values()].filter(({ type }) => !threads.has(type)));
  });
  app.get("/guilds/:guild/roles", (c) => c.json(rolesOf(guildOf(c.req.param("guild")))));
  app.get("/guilds/:guild/members", (c) => {
    const limit = readCount(c.req.query("limit"), 1, 1_000);
    const after = readId(c.req.query("after"));
    const members = [...guildOf(c.req.param("guild")).members.values()]
      .filter(({ user }) => BigInt(user.id) > after)
      .toSorted((a, b) => (BigInt(a.user.id) < BigInt(b.user.id) ? -1 : 1));
    return c.json(members.slice(0, limit));
  });
  app.get("/guilds/:guild/members/:user", (c) => c.json(memberOf(guildOf(c.req.param("guild")), c.req.param("user"))));
  app.patch("/guilds/:guild/members/:user", async (c) => {
    const guild = guildOf(c.req.param("guild"));
    const before = memberOf(guild, c.req.param("user"));
    const fields = await readFields(c, memberChange);
    const changes = changesOf(guild, fields);
    for (const [name, bits] of Object.entries(needed)) if (fields[name] !== undefined) demand(guild, bits);
    const member: APIGuildMember = { ...before, ...changes };
    const [old, fresh] = [new Set(before.roles), new Set(member.roles)];
    if (fields["roles"]) demandRoles(guild, [...old.symmetricDifference(fresh)]);
    guild.members.set(member.user.id, member);
    emit({ type: "world" });
    return c.json(member);
  });
  app.on(["PUT", "DELETE"], "/guilds/:guild/members/:user/roles/:role", (c) => {
    const guild = guildOf(c.req.param("guild"));
    const member = memberOf(guild, c.req.param("user"));
    const role = c.req.param("role");
    if (!guild.roles.has(role)) throw discordErrors.unknownRole();
    demandRoles(guild, [role]);
    const others = member.roles.filter((id) => id !== role);
    guild.members.set(member.user.id, { ...member, roles: c.req.method === "PUT" ? [...others, role] : others });
    emit({ type: "world" });
    return c.body(null, 204);
  });
  return app;
}

// --- Internal helpers ---

/** Returns the fields that an edit changes. `channel_id` is ignored: the simulator has no voice state. */
function changesOf(guild: Guild, { nick, roles, mute, deaf, flags, communication_disabled_until }: Fields): object {
  const known = Array.isArray(roles) ? roles.map(String) : undefined;
  if (known?.some((id) => !guild.roles.has(id))) throw discordErrors.unknownRole();
  const given = { mute, deaf, flags, roles: known };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null)),
    // An empty nickname removes it.
    ...(nick !== undefined && { nick: nick === "" ? null : nick }),
    ...(communication_disabled_until !== undefined && { communication_disabled_until }),
  };
}
