import { Hono } from "hono";
import type { Context } from "../context.ts";
import { discordErrors, required } from "../errors.ts";
import { openDirectChannel } from "../world/world.ts";
import { readBody } from "./body.ts";

/** Users, the application itself, and direct messages. */
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
    const { body } = await readBody<{ recipient_id?: string }>(c);
    if (body.recipient_id === undefined) throw discordErrors.invalidForm(required("recipient_id"));
    const user = world.users.get(body.recipient_id);
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
