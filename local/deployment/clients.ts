import { createRest, createRestState, type DiscordRest } from "../../src/discord/index.ts";
import { createConnection, createRedisState, type RedisConnection } from "../../src/redis/index.ts";
import { readUrl } from "../command-line.ts";
import type { Settings } from "./settings.ts";

// The clients of the commands: those of the Worker, with the patience of a person.

/** Returns a client of Discord's REST API. Without an application ID, it can call what needs none. */
export const connectDiscord = (settings: Settings, token: string, applicationId = "0"): DiscordRest =>
  createRest({
    baseUrl: readUrl("DISCORD_API_URL", settings.get("DISCORD_API_URL") ?? "https://discord.com/api/v10"),
    applicationId,
    token,
    state: createRestState(),
    timeoutMs: 60_000,
  });

/** Returns a connection to the database. */
export const connectRedis = (url: string, token: string): RedisConnection =>
  createConnection({ url, token, state: createRedisState(), timeoutMs: 5_000, wireMs: 5_000, retries: 1 });

/** Returns what every key of the deployment begins with. */
export const prefixOf = (settings: Settings): string => settings.get("KEY_PREFIX") ?? "sp:";
