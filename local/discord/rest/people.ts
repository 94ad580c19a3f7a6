import { Hono } from "hono";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import { object, snowflake } from "../validate/checks.ts";
import { defaults } from "../world/seed.ts";
import { openDirectChannel } from "../world/world.ts";
import { readFields } from "./body.ts";

/** Returns the routes for users, the application itself, and direct messages. */
export function peopleRoutes(context: Context): Hono {
  const { world, applicationId } = context;
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
  for (const path of ["/applications/@me", "/oauth2/applications/@me"]) {
    app.get(path, (c) =>
      c.json({
        id: applicationId,
        name: "Sandpiper",
        description: "",
        icon: null,
        bot: world.bot,
        owner: world.users.get(defaults.userId),
        team: world.team,
        bot_public: true,
        bot_require_code_grant: false,
        flags: 0,
        interactions_endpoint_url: null,
        integration_types_config: { "0": {}, "1": {} },
      }),
    );
  }
  return app;
}
