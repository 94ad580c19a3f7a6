import type { Context as HonoContext } from "hono";
import { Hono } from "hono";
import type { Context } from "../context.ts";
import { discordErrors, type FieldError } from "../errors.ts";
import { type Check, isFields, list, maxUrl, object, oneOf, optional, text, url, wrong } from "../validate/checks.ts";
import { eventTypes } from "../world/application.ts";
import { defaults } from "../world/seed.ts";
import { readFields } from "./body.ts";

/** Asks the addresses of an application whether they answer and verify as Discord demands. */
export interface VerifyUrls {
  /** Sends a signed PING, which needs a PONG, and badly signed ones, which need HTTP 401. */
  interactions(url: string): Promise<boolean>;
  /** The same with the PING of webhook events, which needs HTTP 204. */
  events(url: string): Promise<boolean>;
}

/** Returns the routes of the application itself, which its bot's token names. */
export function applicationRoutes(context: Context, verify: VerifyUrls): Hono {
  const app = new Hono();
  for (const path of ["/applications/@me", "/oauth2/applications/@me"])
    app.get(path, (c) => c.json(applicationOf(context)));

  app.patch("/applications/@me", async (c) => {
    const changes = await readChanges(c);
    const { application } = context;
    const errors: FieldError[] = [];
    // Discord asks whenever an address is given, also one that it has already.
    const { interactions_endpoint_url: interactions, event_webhooks_url: events } = changes;
    if (typeof interactions === "string" && !(await verify.interactions(interactions))) errors.push(unverified);
    if (typeof events === "string" && !(await verify.events(events))) errors.push(unverifiedEvents);
    if (errors.length > 0) throw discordErrors.invalidForm(...errors);
    Object.assign(application, changes);
    return c.json(applicationOf(context));
  });
  return app;
}

// --- Internal helpers ---

function applicationOf({ world, application, applicationId, verifyKey }: Context): object {
  return {
    id: applicationId,
    name: "Sandpiper",
    icon: null,
    bot: world.bot,
    owner: world.users.get(defaults.userId),
    team: world.team,
    verify_key: verifyKey,
    bot_public: true,
    bot_require_code_grant: false,
    flags: 0,
    approximate_guild_count: world.guilds.size,
    approximate_user_install_count: 0,
    ...application,
  };
}

const unverified: FieldError = {
  path: "interactions_endpoint_url",
  code: "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID",
  message: "The specified interactions endpoint url could not be verified.",
};
/** No report of Discord's own words is known. */
const unverifiedEvents: FieldError = {
  path: "event_webhooks_url",
  code: "APPLICATION_EVENT_WEBHOOKS_URL_INVALID",
  message: "The specified event webhooks url could not be verified.",
};

/** Discord takes `https` alone; this world's own Workers have no certificates. */
const address: Check = (value, path) => (value === "" ? [] : url(maxUrl, "https", "http")(value, path));

const installation: Check = (value, path) =>
  isFields(value) && Object.keys(value).every((type) => type === "0" || type === "1")
    ? []
    : [wrong(path, "ENUM_TYPE_COERCE", "Keys must be application integration types.")];

const settings: Record<string, Check> = {
  description: text(0, 400),
  tags: list(0, 5, text(1, 20)),
  interactions_endpoint_url: address,
  event_webhooks_url: address,
  event_webhooks_status: oneOf(1, 2),
  event_webhooks_types: list(0, 25, oneOf(...eventTypes)),
  integration_types_config: installation,
};

const checkSettings = object(
  Object.fromEntries(Object.entries(settings).map(([name, check]) => [name, optional(check)])),
);

/** Returns the settings to change. An empty address, or null, takes one away; a field that is none of them is ignored. */
async function readChanges(c: HonoContext): Promise<Record<string, unknown>> {
  const changes = Object.entries(await readFields(c, checkSettings)).filter(([name]) => name in settings);
  const isUrl = (name: string) => name.endsWith("_url");
  return Object.fromEntries(
    changes
      .map(([name, value]) => [name, isUrl(name) && value === "" ? null : value] as const)
      .filter(([name, value]) => isUrl(name) || value !== null),
  );
}
