import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { createDiscordSimulator } from "../../../local/discord/index.ts";
import { createEngine, createRedisRestServer } from "../../../local/redis/index.ts";
import { features as ownFeatures } from "../../../src/bot/features.ts";
import { commandBodies, createWorker, type Feature } from "../../../src/runtime/index.ts";

/** The bot with the features of a page in it, over HTTP, as `npm run dev` brings it up. */
export interface LocalWorld {
  /** What a page writes, and what it is here: addresses. */
  addresses: readonly (readonly [written: string, real: string])[];
  /** The variables that a page may use. */
  env: Readonly<Record<string, string>>;
  simulator: string;
  close(): Promise<void>;
}

/** The token that the pages give to the local Redis. */
const redisToken = "secret";
const adminToken = "docs-admin-token-of-24-characters";

/** Starts a world. Its servers have free ports. */
export async function startLocalWorld(features: readonly Feature[]): Promise<LocalWorld> {
  const redis = await createRedisRestServer({ backend: await createEngine(), token: redisToken, faults: true });
  const all = [...ownFeatures, ...features];
  const worker = createWorker({ features: all });
  const works = new Set<Promise<unknown>>();
  const ctx = { waitUntil: (work: Promise<unknown>) => void works.add(work.catch(() => {})) };
  const bindings: Record<string, string> = {};
  const { url, close } = await listen((request) => worker.fetch(request, bindings, ctx));
  const discord = createDiscordSimulator({ interactionsUrl: `${url}/interactions` });
  discord.registerCommands(commandBodies(all));
  const served = await discord.serve({ host: "127.0.0.1", port: 0 });
  const env = {
    DISCORD_APPLICATION_ID: discord.applicationId,
    DISCORD_PUBLIC_KEY: discord.publicKey,
    DISCORD_BOT_TOKEN: discord.botToken,
    DISCORD_API_URL: `${served.url}/api/v10`,
    UPSTASH_REDIS_REST_URL: redis.url,
    UPSTASH_REDIS_REST_TOKEN: redisToken,
    ADMIN_TOKEN: adminToken,
  };
  Object.assign(bindings, { ...env, LOG_LEVEL: "error" });
  return {
    addresses: [
      ["https://….workers.dev", url],
      ["https://bot.example", url],
      ["http://127.0.0.1:8787", url],
      ["http://127.0.0.1:8788", served.url],
      ["http://127.0.0.1:8079", redis.url],
      ["127.0.0.1:8079", new URL(redis.url).host],
    ],
    env,
    simulator: served.url,
    async close() {
      await close();
      await served.close();
      await Promise.race([ended(works), new Promise((resolve) => setTimeout(resolve, 5_000))]);
      await redis.close();
    },
  };
}

// --- Internal helpers ---

/** Resolves when the work behind all answers is done: it still writes. */
async function ended(works: ReadonlySet<Promise<unknown>>): Promise<void> {
  let known = 0;
  while (known < works.size) {
    known = works.size;
    await Promise.all(works);
  }
}

const listen = (fetch: (request: Request) => Promise<Response>) =>
  new Promise<{ url: string; close(): Promise<void> }>((resolve) => {
    const server = serve({ fetch, hostname: "127.0.0.1", port: 0 }, ({ port }: AddressInfo) =>
      resolve({
        url: `http://127.0.0.1:${port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      }),
    );
  });
