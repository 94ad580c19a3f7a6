import { onTestFinished } from "vitest";
import { createWorld, type World, type WorldOptions } from "../../../local/kit/world.ts";
import { createJobs, type Jobs } from "../../../src/jobs/index.ts";
import { createPubsub, createPubsubState, type Pubsub } from "../../../src/pubsub/index.ts";
import { createConnection, createRedisState, type RedisConnection } from "../../../src/redis/index.ts";
import { createRandom } from "../../simulation/random.ts";

export const second = 1_000;
export const minute = 60 * second;

/** Starts a world whose chance comes from a seed. It closes when the test ends. */
export async function openWorld({ seed = 1, ...options }: WorldOptions & { seed?: number } = {}): Promise<World> {
  const random = createRandom(seed);
  const world = await createWorld({ random: random.next, ...options });
  onTestFinished(() => world.close());
  return world;
}

/** Returns the jobs of a world, past the Worker: only the ticks run them. */
export function jobsOf(world: World): Jobs {
  const { commands } = connect(world);
  return createJobs({ redis: () => commands, prefix: "sp:", clock: world.clock });
}

/** Returns the bus of a world, past the Worker: only the ticks deliver what is published on it. */
export function busOf(world: Pick<World, "clock" | "env">): Pubsub {
  const { commands } = connect(world);
  const waitUntil = () => {};
  return createPubsub({
    state: createPubsubState(),
    redis: () => commands,
    prefix: "sp:",
    source: "elsewhere",
    waitUntil,
    clock: world.clock,
  });
}

const connect = ({ env }: Pick<World, "env">): RedisConnection => {
  const { UPSTASH_REDIS_REST_URL: url = "", UPSTASH_REDIS_REST_TOKEN: token = "" } = env;
  return createConnection({ url, token, state: createRedisState() });
};

/** Schedules reminders past the Worker, each for a person who is made up: `⏰ number 0` and so on. */
export async function remindAll(world: World, dueAts: readonly number[]): Promise<void> {
  const jobs = jobsOf(world);
  const people = invite(world, dueAts.length);
  const [channelId = ""] = [...world.discord.world.guilds.values()].flatMap(({ channels }) => [...channels.keys()]);
  const reminder = (index: number) => ({
    id: `remind:${index}`,
    kind: "remind",
    owner: people[index] ?? "",
    dueAt: dueAts[index] ?? 0,
    data: { about: `number ${index}`, channelId },
  });
  // All are kept as the first one is, in two commands.
  await jobs.schedule(reminder(0));
  const [, kind, , , attempts, createdAt] = JSON.parse(
    String(await world.redisCommand("HGET", "sp:j:jobs", "remind:0")),
  ) as unknown[];
  const all = dueAts.map((_, index) => reminder(index));
  await world.redisCommand("ZADD", "sp:j:due", ...all.flatMap(({ id, dueAt }) => [dueAt, id]));
  await world.redisCommand(
    "HSET",
    "sp:j:jobs",
    ...all.flatMap(({ id, owner, dueAt, data }) => [
      id,
      JSON.stringify([id, kind, owner, dueAt, attempts, createdAt, data]),
    ]),
  );
}

/** Adds people to Discord. Returns their ids. */
export function invite({ discord }: World, count: number): string[] {
  const [model] = [...discord.world.users.values()];
  if (!model) throw new Error("The seeded world has no people.");
  return Array.from({ length: count }, (_, index) => {
    const id = String(1_160_000_000_000_000_000n + BigInt(index));
    discord.world.users.set(id, { ...model, id, username: `person-${index}`, bot: false });
    return id;
  });
}

export interface Received {
  /** The first line. */
  text: string;
  at: number;
}

/** Returns the direct messages that people got, in order of time. */
export const received = ({ discord: { world } }: World): Received[] =>
  [...world.directChannels.values()]
    .flatMap(({ id }) => [...(world.messages.get(id)?.values() ?? [])])
    .filter(({ author }) => author.id === world.bot.id)
    .map(({ content, timestamp }) => ({ text: content.split("\n")[0] ?? "", at: Date.parse(timestamp) }))
    .toSorted((a, b) => a.at - b.at);

/** Returns how many requests the platform refused. */
export const refused = ({ invocations }: World): number => invocations.reduce((sum, one) => sum + one.refused, 0);

/** Returns the most requests that one invocation sent. */
export const busiest = ({ invocations }: World): number => Math.max(...invocations.map((one) => one.subrequests));
