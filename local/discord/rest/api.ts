import { Hono } from "hono";
import type { Context } from "../context.ts";
import { DiscordError, discordErrors } from "../errors.ts";
import { applicationRoutes, type VerifyUrls } from "./application.ts";
import { channelRoutes } from "./channels.ts";
import { commandRoutes } from "./commands.ts";
import { createRestFaults } from "./faults.ts";
import { guildRoutes } from "./guilds.ts";
import { monetizationRoutes } from "./monetization.ts";
import { peopleRoutes } from "./people.ts";
import { rateLimit } from "./rate-limit.ts";
import { webhookRoutes } from "./webhooks.ts";

/** Returns the part of Discord's REST API that an HTTP bot calls. Any other route answers 501 and says so. */
export function createRestApi(context: Context, verify: VerifyUrls) {
  const app = new Hono();
  const faults = createRestFaults();

  app.onError((error, c) => {
    if (error instanceof DiscordError) return c.json(error.toJSON(), error.status as 400);
    throw error;
  });
  app.use(faults.middleware);
  // Callback and webhook routes carry the interaction's token and do not count towards the bot's limits.
  app.route("/", webhookRoutes(context));
  app.use(async function botOnly(c, next) {
    if (c.req.header("Authorization") !== `Bot ${context.botToken}`) throw discordErrors.unauthorized();
    await next();
  });
  app.use(rateLimit({ clock: context.clock }));
  app.route("/", applicationRoutes(context, verify));
  for (const routes of [peopleRoutes, guildRoutes, channelRoutes, commandRoutes, monetizationRoutes])
    app.route("/", routes(context));
  app.all("*", (c) =>
    c.json(
      {
        message: `501: the simulator does not implement ${c.req.method} ${c.req.path}. Add it in local/discord/rest.`,
        code: 0,
      },
      501,
    ),
  );

  return { app, setFaults: faults.set };
}
