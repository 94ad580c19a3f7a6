import { Hono } from "hono";
import type { Context } from "../context.ts";
import { DiscordError, discordErrors } from "../errors.ts";
import { channelRoutes } from "./channels.ts";
import { commandRoutes } from "./commands.ts";
import { createRestFaults } from "./faults.ts";
import { guildRoutes } from "./guilds.ts";
import { monetizationRoutes } from "./monetization.ts";
import { peopleRoutes } from "./people.ts";
import { rateLimit } from "./rate-limit.ts";
import { webhookRoutes } from "./webhooks.ts";

/** The part of Discord's REST API that a bot over HTTP calls. What is not here says so loudly: no silent stand-ins. */
export function createRestApi(context: Context) {
  const app = new Hono();
  const faults = createRestFaults();

  app.onError((error, c) => {
    if (error instanceof DiscordError) return c.json(error.toJSON(), error.status as 400);
    throw error;
  });
  app.use(faults.middleware);
  // Callback and webhook routes carry the interaction's token and stand outside the bot's limits.
  app.route("/", webhookRoutes(context));
  app.use(async function botOnly(c, next) {
    if (c.req.header("Authorization") !== `Bot ${context.botToken}`) throw discordErrors.unauthorized();
    await next();
  });
  app.use(rateLimit({ clock: context.clock }));
  for (const routes of [peopleRoutes, guildRoutes, channelRoutes, commandRoutes, monetizationRoutes])
    app.route("/", routes(context));
  app.all("*", (c) =>
    c.json(
      {
        message: `501: the simulator has no ${c.req.method} ${c.req.path}. If a bot needs it, it belongs in local/discord/rest.`,
        code: 0,
      },
      501,
    ),
  );

  return { app, setFault: faults.set };
}
