import { afterAll, beforeAll } from "vitest";
import { createDiscordSimulator, type Simulator } from "../../../local/discord/index.ts";
import { startBuiltWorker } from "../../../local/kit/built-worker.ts";
import { createEngine, createRedisRestServer, type RedisRestServer } from "../../../local/redis/index.ts";
import { features } from "../../../src/bot/features.ts";
import { createJobs, type Jobs } from "../../../src/jobs/index.ts";
import { createConnection, createRedisState, type RedisCommands } from "../../../src/redis/index.ts";
import { commandBodies } from "../../../src/runtime/index.ts";

export const adminToken = "an-admin-token-of-more-than-24-characters";
const redisToken = "dashboard-token";

/** The built Worker with its dashboard, Redis and Discord, for the tests of one file. */
export interface DashboardWorld {
  readonly url: string;
  readonly redis: RedisCommands;
  readonly server: RedisRestServer;
  readonly discord: Simulator;
  readonly jobs: Jobs;
  /** Sends a request with the admin token to the API. */
  api(path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
}

export function startDashboard(): DashboardWorld {
  const world = {} as { -readonly [Name in keyof DashboardWorld]: DashboardWorld[Name] };
  let stop: () => Promise<void> = async () => {};
  beforeAll(async () => {
    const server = await createRedisRestServer({ backend: await createEngine(), token: redisToken });
    const discord = createDiscordSimulator({
      interactionsUrl: "http://worker.invalid/interactions",
      fetch: (_input, init) => fetch(`${world.url}/interactions`, init),
    });
    discord.registerCommands(commandBodies(features));
    const rest = await discord.serve({ host: "127.0.0.1", port: 0 });
    const worker = await startBuiltWorker("./wrangler.toml", {
      DISCORD_APPLICATION_ID: discord.applicationId,
      DISCORD_PUBLIC_KEY: discord.publicKey,
      DISCORD_BOT_TOKEN: discord.botToken,
      DISCORD_API_URL: `${rest.url}/api/v10`,
      UPSTASH_REDIS_REST_URL: server.url,
      UPSTASH_REDIS_REST_TOKEN: redisToken,
      ADMIN_TOKEN: adminToken,
      SUBREQUESTS: "1000",
    });
    const { commands } = createConnection({
      url: server.url,
      token: redisToken,
      state: createRedisState(),
      timeoutMs: 5_000,
    });
    Object.assign(world, {
      url: worker.url,
      redis: commands,
      server,
      discord,
      jobs: createJobs({ redis: () => commands, prefix: "sp:" }),
      async api(path: string, body?: unknown) {
        const response = await fetch(`${worker.url}/admin/api/${path}`, {
          headers: { Authorization: `Bearer ${adminToken}` },
          ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
        });
        return { status: response.status, body: await response.json() };
      },
    });
    stop = async () => {
      await worker.close();
      await rest.close();
      await server.close();
    };
  });
  afterAll(() => stop());
  return world;
}

/** Adds messages that the group "feeds" gave up. They name a topic that no channel follows: a replay delivers them. */
export async function addDeadLetters({ redis }: Pick<DashboardWorld, "redis">, count: number): Promise<void> {
  const fields = [
    "c",
    "feed.news",
    "t",
    "message",
    "d",
    JSON.stringify({ title: "Tea" }),
    "s",
    "x",
    "b",
    `${Date.now()}-1`,
  ];
  const script = `for i = 1, ARGV[1] do redis.call("XADD", KEYS[1], "*", "i", "m" .. i, "r", "Discord answered 500", "n", 5, unpack(ARGV, 2)) end`;
  await redis.eval(script, ["sp:bd:main:feeds"], [count, ...fields]);
}

/** Adds jobs of one kind that were given up, each of another owner. */
export async function addDeadJobs({ redis }: Pick<DashboardWorld, "redis">, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const owner = `11000000000000001${String(index).padStart(2, "0")}`;
    const at = Date.now() - index * 60_000;
    const record = JSON.stringify([`dead-${index}`, "remind", owner, at, 5, at, { about: "tea" }]);
    await redis.hset(`sp:j:dead:${owner}`, { [`dead-${index}`]: JSON.stringify([at, "Discord answered 500", record]) });
    await redis.zadd("sp:j:dead", { score: at, member: `${owner}\ndead-${index}` });
  }
}
