import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { type Cloudflare, createCloudflare } from "../../local/cloudflare/index.ts";
import { createEnvironment } from "../../local/dev/environment.ts";
import { createDiscordSimulator, type Simulator } from "../../local/discord/index.ts";
import { createEngine, createRedisRestServer, type RedisRestServer } from "../../local/redis/index.ts";
import { copyProject, root, run } from "./support.ts";

/** What a newcomer has: a clone, a new application at Discord, a new database, and an account at Cloudflare. */
export interface DeploymentWorld {
  /** The clone. */
  readonly folder: string;
  readonly discord: Simulator;
  readonly cloudflare: Cloudflare;
  readonly redis: RedisRestServer;
  /** The three values that a person copies. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Runs a command of the clone; `env` wins over the world's. */
  run(command: string, args?: readonly string[], env?: Record<string, string>): Promise<Ran>;
  /** Starts one, as `run` does, without waiting for its end. */
  start(command: string, args?: readonly string[], env?: Record<string, string>): ReturnType<typeof run>;
  close(): Promise<void>;
}

export interface Ran {
  code: number | null;
  output: string;
}

export async function createDeploymentWorld(): Promise<DeploymentWorld> {
  const folder = copyProject();
  const home = mkdtempSync(join(tmpdir(), "sandpiper-home-"));
  const token = "deployment-redis-token";
  const redis = await createRedisRestServer({ backend: await createEngine(), token, faults: true });
  const cloudflare = await createCloudflare();
  const discord = createDiscordSimulator({
    interactionsUrl: null,
    fetch(input, init) {
      const { hostname, pathname } = new URL(input instanceof Request ? input.url : input);
      return fetch(hostname.endsWith(".workers.dev") ? `${cloudflare.edgeUrl}${pathname}` : input, init);
    },
  });
  const served = await discord.serve({ host: "127.0.0.1", port: 0 });
  const secrets = {
    DISCORD_BOT_TOKEN: discord.botToken,
    UPSTASH_REDIS_REST_URL: redis.url,
    UPSTASH_REDIS_REST_TOKEN: token,
  };
  const hook = pathToFileURL(join(root, "test/support/workers-dev.ts")).href;
  const start: DeploymentWorld["start"] = (command, args = [], env = {}) =>
    run(folder, process.execPath, [`local/${command}.ts`, ...args], {
      ...createEnvironment(home),
      ...cloudflare.env,
      DISCORD_API_URL: `${served.url}/api/v10`,
      TEST_EDGE_URL: cloudflare.edgeUrl,
      NODE_OPTIONS: `--import ${hook}`,
      ...env,
    });

  return {
    folder,
    discord,
    cloudflare,
    redis,
    secrets,
    start,
    async run(command, args, env) {
      const started = start(command, args, env);
      const code = await started.ended;
      return { code, output: stripVTControlCharacters(started.output()) };
    },
    async close() {
      await Promise.all([served.close(), cloudflare.close(), redis.close()]);
      for (const path of [folder, home]) rmSync(path, { recursive: true, force: true });
    },
  };
}
