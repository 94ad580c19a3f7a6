import { expect, it, vi } from "vitest";
import type { World } from "../../../local/kit/world.ts";
import { busOf, jobsOf, minute, openWorld, received, refused, remindAll, second } from "./support.ts";

// Work that Discord's limits, or the invocation's, leave no room for: it waits, and no try is counted.

const harbour = "1100000000000000100";

/** Has channels that are made up follow a topic, and publishes a post that only the ticks deliver. Returns the channels' ids. */
async function post(world: World, channels: number, wakeAt: number): Promise<string[]> {
  const guild = world.discord.world.guilds.get(harbour);
  const [channel] = [...(guild?.channels.values() ?? [])].filter(({ type }) => type === 0);
  if (!guild || !channel) throw new Error("The seeded world has no text channel.");
  const ids = Array.from({ length: channels }, (_, index) => String(1_150_000_000_000_000_000n + BigInt(index)));
  for (const id of ids) guild.channels.set(id, { ...channel, id, name: `channel-${id}` } as typeof channel);
  await world.redisCommand("HSET", "sp:f:shop.news", ...ids.flatMap((id) => [id, harbour]));
  await busOf(world).publish("feed.shop.news", "2.0");
  await jobsOf(world).wake("feeds", wakeAt);
  return ids;
}

const postsIn = ({ discord }: World, ids: readonly string[]) =>
  ids.map((id) => discord.world.messages.get(id)?.size ?? 0);

/** Has Discord answer 429 to everything until a time. Returns how often it did. */
function limit({ discord, clock }: World, until: number, isGlobal: boolean): { count: number } {
  const limited = { count: 0 };
  const { fetch } = discord.app;
  discord.app.fetch = (...args: Parameters<typeof fetch>) => {
    if (clock.now() >= until) return fetch(...args);
    limited.count += 1;
    return Response.json({ retry_after: (until - clock.now()) / second, global: isGlobal }, { status: 429 });
  };
  return limited;
}

it.each([
  [30, true],
  [400, true],
  [400, false],
  [1_800, true],
])(
  "delivers every post and reminder once a limit of %i s has ended, for all calls: %s",
  {
    timeout: 60_000,
  },
  async (seconds, isGlobal) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const world = await openWorld();
    await world.pass(90 * second);
    const start = Math.floor(world.clock.now() / minute + 1) * minute;
    const until = start + seconds * second;
    const limited = limit(world, until, isGlobal);
    await remindAll(world, Array(10).fill(start + 5 * second));
    const ids = await post(world, 10, start + 10 * second);
    await world.pass(seconds * second + 4 * minute);
    expect(postsIn(world, ids)).toEqual(Array(10).fill(1));
    expect(received(world)).toHaveLength(10);
    expect(await world.redisCommand("XLEN", "sp:bd:main:feeds")).toBe(0);
    expect(await world.redisCommand("ZCARD", "sp:j:dead")).toBe(0);
    expect(limited.count).toBeLessThan(60);
    expect(refused(world)).toBe(0);
  },
);

it.each([20, 49, 51])(
  "delivers three posts to 30 channels, beside 30 reminders, in %i requests an invocation",
  {
    timeout: 60_000,
  },
  async (subrequests) => {
    const world = await openWorld({ subrequests, isolates: 2 });
    await world.pass(90 * second);
    const start = Math.floor(world.clock.now() / minute + 1) * minute;
    await remindAll(world, Array(30).fill(start));
    const ids = await post(world, 30, start + second);
    for (const text of ["2.1", "2.2"]) await busOf(world).publish("feed.shop.news", text);
    await world.pass(20 * minute);
    expect(postsIn(world, ids)).toEqual(Array(30).fill(3));
    expect(received(world)).toHaveLength(30);
    expect(await world.redisCommand("XLEN", "sp:bd:main:feeds")).toBe(0);
    expect(refused(world)).toBe(0);
  },
);
