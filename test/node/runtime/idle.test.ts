import { expect, it, onTestFinished } from "vitest";
import { createWorld } from "../../../local/kit/world.ts";
import { openWorld } from "./support.ts";

// What a deployment costs while nobody talks to it, counted by the Redis server over an hour.

const minute = 60_000;

async function idleHour(isolates: number | "fresh"): Promise<number[]> {
  const world = await createWorld({ isolates });
  onTestFinished(() => world.close());
  const { discord, redis } = world;
  // In use earlier: a reminder, a poll that closed, a feed with a post, a wizard that was left.
  await world.run(discord.command("/remind me about:tea in:5m"));
  const form = await world.run(discord.command("/poll question:Lunch? closes:10m"));
  await world.run(discord.submit(form.interaction.token, { Answers: "Pizza\nSoup" }));
  await world.run(discord.command("/feed follow topic:releases", { user: "grace.h" }));
  await world.run(discord.command("/feed publish topic:releases text:1.0", { user: "grace.h" }));
  await world.run(discord.command("/setup", { user: "grace.h" }));
  // Until each isolate has reported what it counted while it was used.
  await world.pass(60 * minute);

  const minutes: number[] = [];
  for (let count = 0; count < 60; count++) {
    redis.resetCounters();
    await world.pass(minute);
    minutes.push(redis.counters().commands);
  }
  return minutes;
}

it.each([
  ["one isolate", 1, 2],
  ["a fresh isolate for each tick", "fresh", 3],
  ["three isolates in turn", 3, 3],
] as const)(
  "costs at most a few commands a minute when idle, with %s",
  { timeout: 60_000 },
  async (_name, isolates, most) => {
    const minutes = await idleHour(isolates);
    expect(Math.max(...minutes)).toBeLessThanOrEqual(most);
    expect(Math.min(...minutes)).toBeGreaterThan(0);
  },
);

it("asks the bus once a minute while people use the bot and its memory is empty, and not in an isolate's first", async () => {
  const world = await openWorld();
  world.setCron(false);
  const polls: number[] = [];
  const read = () => world.redis.counters().byCommand["XREAD"] ?? 0;
  for (let minutes = 0; minutes < 4; minutes++) {
    const before = read();
    for (let use = 0; use < 6; use++) {
      await world.run(world.discord.command("/session list"));
      await world.pass(10_000);
    }
    polls.push(read() - before);
  }
  expect([polls[0], polls[2], polls[3]]).toEqual([0, 1, 1]);
});
