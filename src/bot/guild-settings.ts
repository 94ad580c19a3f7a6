import * as v from "valibot";
import type { Invocation } from "../runtime/index.ts";

/** Languages a server can choose from, by Discord's codes. */
export const languages = { "en-GB": "English", de: "Deutsch", fr: "Français", "es-ES": "Español" } as const;

const snowflake = v.pipe(v.string(), v.regex(/^\d{1,20}$/));

/** What a server's moderators decide with `/setup`. Ids are Discord's. */
export const settingsSchema = v.object({
  language: v.optional(v.picklist(Object.keys(languages) as (keyof typeof languages)[]), "en-GB"),
  /** Where the bot announces things; nowhere when left out. */
  announcementChannelId: v.optional(snowflake),
  /** Who may use what is for the bot's managers, besides those who may manage the server. */
  managerRoleIds: v.optional(v.array(snowflake), []),
  /** As IANA names it. */
  timeZone: v.optional(v.string(), "UTC"),
  /** What `/help` begins with. */
  greeting: v.optional(v.string(), ""),
});
export type Settings = v.InferOutput<typeof settingsSchema>;

type Services = Pick<Invocation, "redis" | "config">;

const keyOf = ({ config }: Services, guildId: string): string => `${config.keyPrefix}g:${guildId}`;

/** A server's settings; what nobody decided is as it is by default. 1 command in 1 round trip. */
export async function readSettings(services: Services, guildId: string): Promise<Settings> {
  const text = await services.redis.commands.get<string>(keyOf(services, guildId));
  return v.parse(settingsSchema, text === null ? {} : JSON.parse(text));
}

/** 1 command in 1 round trip. */
export async function saveSettings(services: Services, guildId: string, settings: Settings): Promise<void> {
  await services.redis.commands.set(keyOf(services, guildId), JSON.stringify(settings));
}
