import { expect, it } from "vitest";
import type { World } from "../../../local/kit/world.ts";
import type { FleetStatus } from "../../../src/web/index.ts";
import { minute, openWorld, second } from "./support.ts";

// What the fleet's status says, against what the Redis server and Discord counted.

const token = "fleet-admin-token-of-24-characters";
const bearer = { headers: { Authorization: `Bearer ${token}` } };
const env = { ADMIN_TOKEN: token };

async function statusOf({ run, fetch }: World): Promise<FleetStatus> {
  const response = await run(fetch("/admin/api/status", bearer));
  expect(response.status).toBe(200);
  return (await response.json()) as FleetStatus;
}

/** A quarter of an hour with people: commands, a poll with votes, a reminder, a feed, a wizard. */
async function busyTime({ run, pass, discord }: World): Promise<void> {
  const grace = { user: "grace.h" };
  await run(discord.command("/feed follow topic:releases", grace));
  for (let round = 0; round < 10; round++) {
    await run(discord.command("/ping"));
    await run(discord.command("/whois user:@grace.h"));
    await run(discord.command(`/remind me about:tea${round} in:2m`));
    const form = await run(discord.command("/poll question:Lunch? closes:10m"));
    const poll = await run(discord.submit(form.interaction.token, { Answers: "Pizza\nSoup" }));
    await run(discord.click(poll.messages[0]?.id ?? "", { label: "Pizza" }));
    await run(discord.command(`/feed publish topic:releases text:${round}`, grace));
    await run(discord.command("/setup", grace));
    await pass(90 * second);
  }
}

it.each([1, 2])("knows what was billed within 1 %, with %i isolates", { timeout: 60_000 }, async (isolates) => {
  const world = await openWorld({ isolates, env });
  await busyTime(world);
  // An isolate reports with its next request: each of them is asked.
  for (let asked = 0; asked < isolates; asked++) await statusOf(world);
  const billed = world.redis.counters().commands;
  const { cost, rates, reading, missing } = await statusOf(world);
  expect(missing).toEqual([]);
  console.log(isolates, billed, JSON.stringify(cost), JSON.stringify(rates?.total), JSON.stringify(reading));
  expect(Math.abs((cost?.redis.commands ?? 0) / billed - 1)).toBeLessThan(0.01);
});
