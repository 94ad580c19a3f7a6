import { afterAll } from "vitest";
import { features } from "../../src/bot/features.ts";
import { commandBodies } from "../../src/runtime/index.ts";
import { createDiscordSimulator, type From, type Simulator } from "../discord/index.ts";
import { createEngine, createRedisRestServer, type Fault, type RedisRestServer } from "../redis/index.ts";
import { breakRedis } from "./break-redis.ts";
import { startBuiltWorker } from "./built-worker.ts";
import { checkOptions, registerCommands, type SimOptions } from "./options.ts";
import { createPerson, type Person } from "./person.ts";

/**
 * A simulated Discord with the bot in it. Its own actions are those of Ada in #general.
 *
 * People: `ada` (owns The Harbour), `grace.h` (moderates it, owns Le Phare), `linus`, `mei_lin` (in both servers),
 * `robin`, `stranger` (in neither). Channels: `#general`, `#news`, `#moderators` (Ada and moderators only) and `#knots`
 * in The Harbour; `#accueil` and `#annonces` in Le Phare.
 */
export interface Sim extends Person {
  /**
   * Returns another person, by user name or ID; `from` sets the channel, the language and how the application was
   * installed.
   *
   * @example
   * await sim.as("linus").command("/ping");
   * await sim.as("mei_lin", { channel: "#accueil", locale: "fr" }).command("/help");
   */
  as(user: string, from?: From): Person;
  /** The simulator, for everything that people do not do: raw payloads, webhook events, failures of the REST API. */
  readonly discord: Simulator;
  /** The Redis server, with its counters of commands and requests. */
  readonly redis: RedisRestServer;
  /**
   * Makes requests to Redis fail from now on, in place of the faults set before. Without an argument it mends them.
   *
   * @example
   * await sim.breakRedis({ at: "before", do: "drop" });
   * expect((await sim.command("/ping")).text).toContain("Pong");
   * await sim.breakRedis();
   */
  breakRedis(...faults: readonly Fault[]): Promise<void>;
  /**
   * Sends a request to the Worker itself.
   *
   * @example
   * expect((await sim.fetch("/health")).status).toBe(200);
   */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

const token = "sim-redis-token";

/**
 * Starts the built Worker in workerd, a simulated Discord and an empty Redis, and stops them after the tests of the
 * file. Interactions are signed and travel over HTTP. Call it at the top level of a Vitest test file. Throws a sentence
 * for an option that cannot work.
 *
 * @example
 * const sim = await startSim();
 *
 * it("counts a vote", async () => {
 *   const form = await sim.command("/poll question:Lunch?");
 *   const poll = await form.submit({ Answers: "Pizza\nSushi" });
 *   expect((await poll.as("robin").click("Pizza")).text).toContain("1 · 100 %");
 * });
 */
export async function startSim(options: SimOptions = {}): Promise<Sim> {
  checkOptions(options);
  const { configPath = "./wrangler.toml", commands = commandBodies(features), env = {} } = options;
  const stops: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const stop of stops.toReversed()) await stop();
  });

  const redis = await createRedisRestServer({ backend: await createEngine(), token, faults: true });
  stops.push(redis.close);
  let workerUrl = "";
  const discord = createDiscordSimulator({
    interactionsUrl: "http://worker.invalid/interactions",
    fetch: (input, init) =>
      fetch(`${workerUrl}${new URL(input instanceof Request ? input.url : input).pathname}`, init),
  });
  registerCommands(discord, commands);
  const served = await discord.serve({ host: "127.0.0.1", port: 0 });
  stops.push(served.close);
  const worker = await startBuiltWorker(configPath, {
    DISCORD_APPLICATION_ID: discord.applicationId,
    DISCORD_PUBLIC_KEY: discord.publicKey,
    DISCORD_BOT_TOKEN: discord.botToken,
    DISCORD_API_URL: `${served.url}/api/v10`,
    UPSTASH_REDIS_REST_URL: redis.url,
    UPSTASH_REDIS_REST_TOKEN: token,
    ...env,
  });
  stops.push(worker.close);
  workerUrl = worker.url;

  return {
    ...createPerson(discord, {}),
    as: (user, from) => createPerson(discord, { ...from, user }),
    discord,
    redis,
    breakRedis: (...faults) => breakRedis(redis, token, faults),
    fetch: (path, init) => fetch(new URL(path, workerUrl), init),
  };
}
