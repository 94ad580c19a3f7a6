import * as v from "valibot";
import { RedisReplyError } from "../redis/index.ts";
import type { Invocation } from "../runtime/index.ts";
import { createKeys } from "./keys.ts";

/** The languages a server can choose, by Discord's codes. */
export const languages = { "en-GB": "English", de: "Deutsch", fr: "Français", "es-ES": "Español" } as const;

const snowflake = v.pipe(v.string(), v.regex(/^\d{1,20}$/));

/** A server's settings, as `/setup` makes them. Ids are Discord's. */
export const settingsSchema = v.object({
  language: v.optional(v.picklist(Object.keys(languages) as (keyof typeof languages)[]), "en-GB"),
  /** Where the bot posts announcements. Default: nowhere. */
  announcementChannelId: v.optional(snowflake),
  /** Roles that may manage the bot, besides people who can manage the server. */
  managerRoleIds: v.optional(v.array(snowflake), []),
  /** An IANA name. */
  timeZone: v.optional(v.string(), "UTC"),
  /** The first line of `/help`. */
  greeting: v.optional(v.string(), ""),
});
export type Settings = v.InferOutput<typeof settingsSchema>;

type Services = Pick<Invocation, "redis" | "config">;

/** Throws `RangeError` for a text that is no server's id: settings without a server have no key. */
function keyOf({ config }: Services, guildId: string): string {
  if (!v.is(snowflake, guildId)) throw new RangeError(`"${String(guildId).slice(0, 30)}" is no server's id.`);
  return createKeys(config.keyPrefix).settings(guildId);
}

/**
 * Returns a server's settings, with defaults for the others. A stored value that cannot be read counts as none: it is logged, and
 * the next `/setup` overwrites it. Throws `RangeError` for no server's id.
 * Cost: 1 command, 1 round trip.
 */
export async function readSettings(services: Services & Pick<Invocation, "log">, guildId: string): Promise<Settings> {
  const key = keyOf(services, guildId);
  try {
    const text = await services.redis.commands.get<string>(key);
    return v.parse(settingsSchema, text === null ? {} : JSON.parse(text));
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    services.log("error", "settings unreadable", { guild: guildId, error: error.message });
    return v.parse(settingsSchema, {});
  }
}

/** Stores a server's settings. Throws `RangeError` for no server's id. Cost: 1 command, 1 round trip. */
export async function saveSettings(services: Services, guildId: string, settings: Settings): Promise<void> {
  await services.redis.commands.set(keyOf(services, guildId), JSON.stringify(settings));
}

/** Forgets a server's settings. Throws `RangeError` for no server's id. Cost: 1 command, 1 round trip. */
export async function forgetSettings(services: Services, guildId: string): Promise<void> {
  await services.redis.commands.unlink(keyOf(services, guildId));
}

// --- Internal helpers ---

/** Whether the stored value is of another shape, no JSON, or of another type. */
const isUnreadable = (error: unknown): error is Error =>
  error instanceof SyntaxError ||
  error instanceof v.ValiError ||
  (error instanceof RedisReplyError && error.reply === "WRONGTYPE");
