import { Hono } from "hono";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import { object, snowflake } from "../validate/checks.ts";
import { openDirectChannel } from "../world/world.ts";
import { readFields } from "./body.ts";

/** Returns the routes for users and direct messages. */
export function peopleRoutes(context: Context): Hono {
  const { world } = context;
  const app = new Hono();

  app.get("/users/@me", (c) => c.json(world.bot));
  app.get("/users/:id", (c) => {
    const user = world.users.get(c.req.param("id"));
    if (!user) throw discordErrors.unknownUser();
    return c.json(user);
  });
  app.post("/users/@me/channels", async (c) => {
    const { recipient_id } = await readFields(c, object({ recipient_id: snowflake }));
    const user = world.users.get(String(recipient_id));
    if (!user || user.bot) throw discordErrors.unknownUser();
    return c.json(openDirectChannel(world, user, context.createId));
  });
  return app;
}
