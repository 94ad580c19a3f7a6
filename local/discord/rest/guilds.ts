import type { APIGuildMember } from "discord-api-types/v10";
import { Hono } from "hono";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import type { Guild } from "../world/world.ts";
import { isTrue, readBody } from "./body.ts";

/** Guilds and what belongs to them: channels, roles, members. */
export function guildRoutes({ world }: Context): Hono {
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
  const rolesOf = (guild: Guild) => [...guild.roles.values()];

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
    const limit = Math.min(1_000, Math.max(1, Number(c.req.query("limit") ?? 1)));
    const after = BigInt(c.req.query("after") ?? 0);
    const members = [...guildOf(c.req.param("guild")).members.values()]
      .filter(({ user }) => BigInt(user.id) > after)
      .toSorted((a, b) => (BigInt(a.user.id) < BigInt(b.user.id) ? -1 : 1));
    return c.json(members.slice(0, limit));
  });
  app.get("/guilds/:guild/members/:user", (c) => c.json(memberOf(guildOf(c.req.param("guild")), c.req.param("user"))));
  app.patch("/guilds/:guild/members/:user", async (c) => {
    const guild = guildOf(c.req.param("guild"));
    const { body } = await readBody<Partial<APIGuildMember>>(c);
    const settable = ["nick", "roles", "mute", "deaf", "flags", "communication_disabled_until"] as const;
    const changes = settable.filter((name) => body?.[name] !== undefined).map((name) => [name, body[name]]);
    const member = { ...memberOf(guild, c.req.param("user")), ...Object.fromEntries(changes) } as APIGuildMember;
    guild.members.set(member.user.id, member);
    return c.json(member);
  });
  app.on(["PUT", "DELETE"], "/guilds/:guild/members/:user/roles/:role", (c) => {
    const guild = guildOf(c.req.param("guild"));
    const member = memberOf(guild, c.req.param("user"));
    const role = c.req.param("role");
    if (!guild.roles.has(role)) throw discordErrors.unknownRole();
    const others = member.roles.filter((id) => id !== role);
    guild.members.set(member.user.id, { ...member, roles: c.req.method === "PUT" ? [...others, role] : others });
    return c.body(null, 204);
  });
  return app;
}
