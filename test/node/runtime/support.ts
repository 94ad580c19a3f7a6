import { onTestFinished } from "vitest";
import { createWorld, type World, type WorldOptions } from "../../../local/kit/world.ts";
import { createJobs, type Jobs } from "../../../src/jobs/index.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
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

/** The jobs of a world, past the Worker: nothing runs what is scheduled here but the ticks. */
export function jobsOf({ env, clock }: World): Jobs {
  const { UPSTASH_REDIS_REST_URL: url = "", UPSTASH_REDIS_REST_TOKEN: token = "" } = env;
  const connection = createConnection({ url, token, state: createRedisState() });
  return createJobs({ redis: () => connection.commands, prefix: "sp:", clock });
}

/** Schedules reminders past the Worker, for people who are made up: `person 1 about tea` and so on. */
export async function remindAll(world: World, dueAts: readonly number[]): Promise<void> {
  const jobs = jobsOf(world);
  const people = invite(world, dueAts.length);
  const [channelId = ""] = [...world.discord.world.guilds.values()].flatMap(({ channels }) => [...channels.keys()]);
  await Promise.all(
    dueAts.map((dueAt, index) =>
      jobs.schedule({
        id: `remind:${index}`,
        kind: "remind",
        owner: people[index] ?? "",
        dueAt,
        data: { about: `number ${index}`, channelId },
      }),
    ),
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

/** The direct messages that people got, in order of time. */
export const received = ({ discord: { world } }: World): Received[] =>
  [...world.directChannels.values()]
    .flatMap(({ id }) => [...(world.messages.get(id)?.values() ?? [])])
    .filter(({ author }) => author.id === world.bot.id)
    .map(({ content, timestamp }) => ({ text: content.split("\n")[0] ?? "", at: Date.parse(timestamp) }))
    .toSorted((a, b) => a.at - b.at);

/** How many requests the platform refused. */
export const refused = ({ invocations }: World): number => invocations.reduce((sum, one) => sum + one.refused, 0);

/** The most requests that one invocation sent. */
export const busiest = ({ invocations }: World): number => Math.max(...invocations.map((one) => one.subrequests));
