import { features } from "../../src/bot/features.ts";
import { commandBodies, createWorker } from "../../src/runtime/index.ts";
import { createDiscordSimulator, type Simulator } from "../discord/index.ts";
import { createMovableClock } from "../kit/movable-clock.ts";
import { createPlayground, createRedisControl, type WorldClock } from "../playground/server/index.ts";
import type { RequestEvent } from "../redis/index.ts";
import { createEngine, createRedisRestServer } from "../redis/index.ts";

/** The playground before the real Worker, at a time that stands still but for what a request is said to take. */
export interface PicturedWorld {
  readonly url: string;
  readonly discord: Simulator;
  /** Returns the time, in epoch milliseconds. */
  now(): number;
  /** Lets time pass. */
  pass(ms: number): void;
  close(): Promise<void>;
}

const token = "pictured-redis-token";
const startAt = Date.parse("2026-06-01T09:41:00Z");
/** A round trip to Redis, and the rest of an answer, as they take in one region of the cloud. */
const redisMs = 14;
const workMs = 9;

/** Starts a world that looks the same each time: clock, IDs, latencies and ports that show are its own. */
export async function startPicturedWorld(): Promise<PicturedWorld> {
  const time = createMovableClock(startAt, () => 0.5);
  let made = 0;
  crypto.randomUUID = () => `${String((made += 1)).padStart(8, "0")}-1ed6-4b22-9368-ac6282a2c95f`;
  const pass = (ms: number) => time.moveTo(time.clock.now() + ms);
  const clock: WorldClock = { ...time.clock, aheadMs: () => 0, move: pass };
  const redis = await createRedisRestServer({
    token,
    backend: await createEngine({ now: time.clock.now }),
    onRequest: (event: RequestEvent) => playground.takeRedis({ ...event, ms: redisMs }),
  });
  const worker = createWorker({
    features,
    clock: time.clock,
    async fetch(input, init) {
      const request = new Request(input, init);
      if (new URL(request.url).hostname === "discord.world") return discord.app.fetch(request);
      pass(redisMs);
      return fetch(request);
    },
  });
  const discord: Simulator = createDiscordSimulator({
    interactionsUrl: "http://worker.world/interactions",
    clock,
    async fetch(input, init) {
      const response = await worker.fetch(new Request(input, init), env, { waitUntil: () => {} });
      pass(workMs);
      return response;
    },
  });
  discord.registerCommands(commandBodies(features));
  const env = {
    DISCORD_APPLICATION_ID: discord.applicationId,
    DISCORD_PUBLIC_KEY: discord.publicKey,
    DISCORD_BOT_TOKEN: discord.botToken,
    DISCORD_API_URL: "http://discord.world/api/v10",
    UPSTASH_REDIS_REST_URL: redis.url,
    UPSTASH_REDIS_REST_TOKEN: token,
    LOG_LEVEL: "error",
  };
  const playground = createPlayground({
    simulator: discord,
    clock,
    redis: createRedisControl({ server: redis, setAhead: () => {} }),
    fireCron: () => {},
  });
  discord.app.route("/", playground.app);
  await playground.prepare();
  const served = await discord.serve({ host: "127.0.0.1", port: 0 });
  return {
    url: served.url,
    discord,
    now: time.clock.now,
    pass,
    async close() {
      playground.close();
      await served.close();
      await redis.close();
    },
  };
}
