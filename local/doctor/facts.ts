import type { DiscordRest } from "../../src/discord/index.ts";
import type { RedisConnection } from "../../src/redis/index.ts";
import { type Application, readApplication } from "../deployment/application.ts";
import { connectDiscord, connectRedis } from "../deployment/clients.ts";
import { type HealthReading, readHealth } from "../deployment/health.ts";
import type { Settings } from "../deployment/settings.ts";

/** The facts that several checks ask about: each is asked once. */
export interface Facts {
  readonly root: string;
  readonly settings: Settings;
  /** For how long to wait for a tick of the cron, in milliseconds. */
  readonly waitMs: number;
  rest(): DiscordRest;
  redis(): RedisConnection;
  /** Throws when Discord does not tell. */
  application(): Promise<Application>;
  /** Returns where the Worker is, without a slash at the end; undefined when nothing tells. */
  workerUrl(): Promise<string | undefined>;
  /** Returns what the Worker says of itself; undefined when it is not known where it is. */
  health(): Promise<HealthReading | undefined>;
}

export interface FactsOptions {
  root: string;
  settings: Settings;
  /** Where the Worker is. Default: where Discord sends interactions. */
  url: string | undefined;
  waitMs: number;
}

export function createFacts({ root, settings, url, waitMs }: FactsOptions): Facts {
  const token = () => settings.get("DISCORD_BOT_TOKEN") ?? "";
  const application = once(() => readApplication(rest()));
  const rest = once(() => connectDiscord(settings, token(), settings.get("DISCORD_APPLICATION_ID")));
  const redis = once(() =>
    connectRedis(settings.get("UPSTASH_REDIS_REST_URL") ?? "", settings.get("UPSTASH_REDIS_REST_TOKEN") ?? ""),
  );
  const workerUrl = once(async () => {
    if (url !== undefined || token() === "") return url;
    const { interactions_endpoint_url: known } = await application().catch(() => ({ interactions_endpoint_url: null }));
    return known ? URL.parse(known)?.origin : undefined;
  });
  const health = once(async () => {
    const at = await workerUrl();
    return at === undefined ? undefined : readHealth(at);
  });
  return { root, settings, waitMs, rest, redis, application, workerUrl, health };
}

// --- Internal helpers ---

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
