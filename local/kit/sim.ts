import { afterAll } from "vitest";
import { createTestHarness } from "wrangler";
import { features } from "../../src/bot/features.ts";
import type { CommandBody } from "../../src/discord/index.ts";
import { commandBodies } from "../../src/runtime/index.ts";
import {
  createDiscordSimulator,
  type From,
  type PickedFile,
  type Simulator,
  type Transcript,
} from "../discord/index.ts";
import { createEngine, createRedisRestServer, type Fault, type RedisRestServer } from "../redis/index.ts";
import { type Shown, show } from "./shown.ts";

export interface SimOptions {
  /** The Worker's wrangler file; the bot's own unless a test brings another Worker. */
  configPath?: string;
  /** What is registered; the bot's own commands unless a test brings another Worker. */
  commands?: readonly CommandBody[];
  env?: Readonly<Record<string, string>>;
}

/** Somebody at their keyboard. Each method resolves with what they see afterwards, and throws where Discord would refuse. */
export interface Person {
  /** `/remind me in:10m about:tea`; `files` are picked for options that are files. */
  command(line: string, files?: Readonly<Record<string, PickedFile>>): Promise<Shown>;
  /** The choices Discord offers while the line is being typed; its last option has the cursor. */
  complete(line: string): Promise<string[]>;
  /** A command in the menu of a person, by its name. */
  userCommand(name: string, target: string): Promise<Shown>;
  /** A command in the menu of a message, by its name. */
  messageCommand(name: string, messageId: string): Promise<Shown>;
  /** The same in another place: `#news`, `dm`, `group-dm`. */
  in(channel: string): Person;
}

/** A whole Discord with the bot in it. Ada speaks, in #general, unless somebody else is asked `as`. */
export interface Sim extends Person {
  as(user: string, from?: From): Person;
  /** What lies underneath, for tests of how things fail. */
  readonly discord: Simulator;
  readonly redis: RedisRestServer;
  /** Breaks the wire to Redis as these say, or mends it: see `local/redis/rest/faults.ts`. */
  breakRedis(...faults: readonly Fault[]): Promise<void>;
  /** A request to the Worker itself. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

const token = "sim-redis-token";

/**
 * Starts the built Worker in workerd, the Discord simulator and Redis, each fresh; all of it ends with the test file.
 * Interactions are signed and travel over HTTP, and what Discord would refuse is refused.
 */
export async function startSim({
  configPath = "./wrangler.toml",
  commands = commandBodies(features),
  env = {},
}: SimOptions = {}): Promise<Sim> {
  const redis = await createRedisRestServer({ backend: await createEngine(), token, faults: true });
  let workerUrl = "";
  const discord = createDiscordSimulator({
    interactionsUrl: "http://worker.invalid/interactions",
    fetch: (input, init) =>
      fetch(`${workerUrl}${new URL(input instanceof Request ? input.url : input).pathname}`, init),
  });
  const served = await discord.serve({ host: "127.0.0.1", port: 0 });
  discord.registerCommands(commands);
  const worker = createTestHarness({
    workers: [
      {
        configPath,
        secrets: {
          DISCORD_APPLICATION_ID: discord.applicationId,
          DISCORD_PUBLIC_KEY: discord.publicKey,
          DISCORD_BOT_TOKEN: discord.botToken,
          DISCORD_API_URL: `${served.url}/api/v10`,
          UPSTASH_REDIS_REST_URL: redis.url,
          UPSTASH_REDIS_REST_TOKEN: token,
          ...env,
        },
      },
    ],
  });
  workerUrl = (await worker.listen()).url.origin;
  afterAll(async () => {
    await worker.close();
    await served.close();
    await redis.close();
  });

  function person(from: From): Person {
    const shown = (transcript: Transcript) => show(discord, from, transcript);
    return {
      command: async (line, files) => shown(await discord.command(line, from, files)),
      async complete(line) {
        const { answer, problems } = await discord.autocomplete(line, from);
        if (answer.kind !== "choices")
          throw new Error(problems.join("\n") || `Discord got ${answer.kind} for ${line}.`);
        return answer.choices.map(({ name }) => name);
      },
      userCommand: async (name, target) => shown(await discord.userCommand(name, target, from)),
      messageCommand: async (name, messageId) => shown(await discord.messageCommand(name, messageId, from)),
      in: (channel) => person({ ...from, channel }),
    };
  }

  return {
    ...person({}),
    as: (user, from) => person({ ...from, user }),
    discord,
    redis,
    async breakRedis(...faults) {
      await fetch(`${redis.url}/-/faults`, {
        method: "PUT",
        headers: { Authorization: `Bearer ${token}` },
        body: JSON.stringify(faults),
      });
    },
    fetch: (path, init) => fetch(`${workerUrl}${path}`, init),
  };
}
