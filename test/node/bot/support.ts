import type { APIMessage } from "discord-api-types/v10";
import { afterAll, afterEach, beforeEach, vi } from "vitest";
import type { From, Simulator } from "../../../local/discord/index.ts";
import { createPerson } from "../../../local/kit/person.ts";
import { createWorld, type World, type WorldOptions } from "../../../local/kit/world.ts";

// The whole bot, Discord and Redis in this process, and people in it, all on one clock.

export const harbour = "1100000000000000100";
export const phare = "1100000000000000200";
export const channels = {
  general: "1100000000000000111",
  news: "1100000000000000112",
  moderators: "1100000000000000113",
  knots: "1100000000000000115",
  accueil: "1100000000000000211",
};
export const ids = { ada: "1100000000000000011", grace: "1100000000000000012", linus: "1100000000000000013" };

/**
 * Starts a world for the tests of a file, and closes it after them. Its own actions are those of Ada in #general. Each action takes
 * as long on the world's clock as the Worker needs for it.
 */
export async function startTown(options: WorldOptions = {}) {
  const world = await createWorld(options);
  afterAll(() => world.close());
  // The log says what tests make fail.
  beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
  afterEach(() => void vi.restoreAllMocks());
  const discord = inTime(world);
  const { redis, pass, redisCommand, breakRedis, fetch, run, clock, env, invocations } = world;
  return {
    ...createPerson(discord),
    as: (user: string, from: From = {}) => createPerson(discord, { ...from, user }),
    discord,
    redis,
    clock,
    env,
    invocations,
    pass,
    redisCommand,
    breakRedis,
    fetch: (path: string, init?: RequestInit) => run(fetch(path, init)),
    /** Returns what all can see in a channel, the newest last. */
    messagesIn: (channelId: string): APIMessage[] =>
      [...(discord.world.messages.get(channelId)?.values() ?? [])].filter(({ flags = 0 }) => (flags & ephemeral) === 0),
    /** Returns a person's direct messages from the bot, the newest last. */
    inbox: (userId: string): APIMessage[] => {
      const channel = discord.world.directChannels.get(userId);
      return [...(discord.world.messages.get(channel?.id ?? "")?.values() ?? [])];
    },
  };
}

/** Returns who is pinged by a message: `@ada`, `&<role>`, `@everyone`. */
export const pingedBy = ({ mentions, mention_roles: roles, mention_everyone: isAll }: APIMessage): string[] => [
  ...mentions.map(({ username }) => `@${username}`),
  ...roles.map((id) => `&${id}`),
  ...(isAll ? ["@everyone"] : []),
];

// --- Internal helpers ---

const ephemeral = 64;

const actions = [
  "command",
  "autocomplete",
  "userCommand",
  "messageCommand",
  "click",
  "select",
  "submit",
  "later",
  "send",
] as const;

function inTime({ discord, run }: World): Simulator {
  const moving = actions.map((name) => [
    name,
    (...given: unknown[]) => run(Reflect.apply(discord[name], discord, given) as Promise<unknown>),
  ]);
  return { ...discord, ...(Object.fromEntries(moving) as Pick<Simulator, (typeof actions)[number]>) };
}
