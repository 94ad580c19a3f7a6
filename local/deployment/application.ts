import { type APIApplication, PermissionFlagsBits } from "discord-api-types/v10";
import { features } from "../../src/bot/features.ts";
import type { DiscordRest } from "../../src/discord/index.ts";
import { commandBodies, indexFeatures } from "../../src/runtime/index.ts";

// The settings that the features need of the application, and the links with which a person adds it.

export type Application = APIApplication & { event_webhooks_types?: string[] };

/** Returns the application that the token belongs to. Cost: 1 request to Discord. */
export const readApplication = (rest: DiscordRest): Promise<Application> =>
  rest.get("/applications/@me", { isFresh: true });

/** Returns the addresses that the application needs, at the Worker's. */
export const addressesAt = (workerUrl: string) => ({
  interactions_endpoint_url: `${workerUrl}/interactions`,
  event_webhooks_url: `${workerUrl}/webhook-events`,
});

/** Returns the webhook events that the features handle. */
export const handledEvents = (): string[] => [...new Set(indexFeatures(features).events.map(({ type }) => type))];

/** For what the bot sends without being asked there: posts of feeds, polls that close themselves. */
const permissions = String(PermissionFlagsBits.ViewChannel | PermissionFlagsBits.SendMessages);

const install = {
  "0": { scopes: ["applications.commands", "bot"], permissions },
  "1": { scopes: ["applications.commands"], permissions: "0" },
} as const;

type InstallType = keyof typeof install;

/** Returns how the declared commands can be installed: `0` in servers, `1` by users for themselves. */
export function usedInstallTypes(): InstallType[] {
  const types = commandBodies(features).flatMap((body) => (body["integration_types"] as number[] | undefined) ?? [0]);
  return [...new Set(types)].map(String).filter((type) => type in install) as InstallType[];
}

/** Returns the installation settings that the commands need: those that are set stay, the missing ones are added. */
export function installSettings(present: Application["integration_types_config"]): Record<string, object> {
  const known: Record<string, object | undefined> = { ...present };
  const needed = usedInstallTypes().map((type): [string, object] => {
    const kept = known[type];
    const isSet = kept !== undefined && "oauth2_install_params" in kept;
    return [type, isSet ? kept : { oauth2_install_params: install[type] }];
  });
  return { ...(known as Record<string, object>), ...Object.fromEntries(needed) };
}

/** Returns the link with which a person adds the application to a server, or to their account. */
export function installLink(applicationId: string, type: InstallType): string {
  const { scopes, permissions } = install[type];
  const url = new URL("https://discord.com/oauth2/authorize");
  url.searchParams.set("client_id", applicationId);
  url.searchParams.set("scope", scopes.join(" "));
  if (permissions !== "0") url.searchParams.set("permissions", permissions);
  url.searchParams.set("integration_type", type);
  return url.href;
}
