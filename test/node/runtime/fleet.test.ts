import { expect, it } from "vitest";
import type { World } from "../../../local/kit/world.ts";
import { dashboard } from "../../../src/web/dashboard.ts";
import type { FleetStatus } from "../../../src/web/index.ts";
import { jobsOf, minute, openWorld, remindAll, second } from "./support.ts";

// What the fleet's status says, against what the Redis server and Discord counted.

const token = "fleet-admin-token-of-24-characters";
const bearer = { headers: { Authorization: `Bearer ${token}` } };
const env = { ADMIN_TOKEN: token };

async function statusOf({ run, fetch }: World): Promise<FleetStatus> {
  const response = await run(fetch("/admin/api/status", bearer));
  expect(response.status).toBe(200);
  return (await response.json()) as FleetStatus;
}

/** Returns what a person reads who uses `/status`. */
async function answerTo({ run, discord }: World, user: string): Promise<string> {
  const { messages } = await run(discord.command("/status", { user }));
  return messages[0]?.content ?? "";
}

/** A quarter of an hour with people: commands, a poll with votes, a reminder, a feed, a wizard. */
async function busyTime({ run, pass, discord }: World): Promise<void> {
  const grace = { user: "grace.h" };
  await run(discord.command("/feed follow topic:releases", grace));
  for (let round = 0; round < 10; round++) {
    await run(discord.command("/ping"));
    await run(discord.command("/whois person:@grace.h"));
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
  // An isolate that is asked reports what it counted, but for what the asking costs.
  let unreported = 0;
  for (let asked = 1; asked < isolates; asked++) unreported += (await statusOf(world)).reading.commands;
  const billed = world.redis.counters().commands;
  const { cost, rates, missing } = await statusOf(world);
  expect(missing).toEqual([]);
  const { commands = 0, byCause, estimatedIdle } = cost?.redis ?? {};
  expect(Math.abs((commands + unreported) / billed - 1)).toBeLessThan(0.01);
  expect(rates?.total.redisCommands).toBe(commands);
  expect(estimatedIdle).toBe(0);
  expect(byCause).toMatchObject({ other: 0 });
  for (const cause of ["interactions", "jobs", "bus", "idle", "metrics"] as const) {
    expect(byCause?.[cause], cause).toBeGreaterThan(0);
  }
  expect((byCause?.metrics ?? billed) / billed).toBeLessThan(0.05);
});

it("sums two isolates: every interaction once, by command and outcome, however they shared the work", async () => {
  const world = await openWorld({ isolates: 2, env });
  const { run, pass, discord } = world;
  for (let round = 0; round < 9; round++) {
    await run(discord.command("/ping"));
    await run(discord.command("/session list"));
    await run(discord.command("/broadcast order:note", { user: "grace.h" }));
    await pass(20 * second);
  }
  await statusOf(world);
  const { commands, instances, rates } = await statusOf(world);
  const shown = commands?.map(({ command, kind, outcomes }) => [command, kind, outcomes]);
  const none = { ok: 0, refused: 0, duplicate: 0, failed: 0 };
  expect(shown).toEqual([
    ["/broadcast", "command", { ...none, refused: 9 }],
    ["/ping", "command", { ...none, ok: 9 }],
    ["/session list", "command", { ...none, ok: 9 }],
  ]);
  expect(rates?.total.interactions).toBe(27);
  expect(rates?.minutes).toHaveLength(60);
  expect(instances?.map(({ isSelf }) => isSelf).toSorted()).toEqual([false, true]);
});

it("reports nothing where no person does anything: an hour of ticks leaves no report", {
  timeout: 30_000,
}, async () => {
  for (const isolates of [1, "fresh"] as const) {
    const world = await openWorld({ isolates, env });
    await world.pass(60 * minute);
    expect(world.redis.counters().byCommand["XADD"]).toBeUndefined();
  }
});

it("adds ticks that no isolate reported, at what an idle tick costs", { timeout: 30_000 }, async () => {
  const world = await openWorld({ env });
  await world.run(world.discord.command("/session list"));
  await world.pass(2 * minute);
  const { reading } = await statusOf(world);
  // The isolate ticks for an hour, and ends with what it counted, the reading among it.
  await world.pass(60 * minute);
  world.kill();
  await world.run(world.discord.command("/session list"));
  const billed = world.redis.counters().commands;
  const { cost } = await statusOf(world);
  expect(cost?.redis.estimatedIdle).toBeGreaterThan(110);
  expect(Math.abs(((cost?.redis.commands ?? 0) + reading.commands) / billed - 1)).toBeLessThan(0.03);
});

it("says what cannot be read, and shows the rest", async () => {
  const world = await openWorld({ env });
  await world.run(world.discord.command("/ping"));
  await world.redisCommand("SET", "sp:j:due", "damaged");
  const { missing, jobs, rates, level, sentence, concerns } = await statusOf(world);
  expect(missing).toEqual([{ part: "jobs", reason: expect.stringContaining("WRONGTYPE") }]);
  expect([jobs, rates?.total.interactions, level]).toEqual([null, 1, "trouble"]);
  expect(sentence).toContain("The jobs could not be read");
  expect(concerns.map(({ kind }) => kind)).toEqual(["unread-part"]);
});

it("names what needs a hand: late jobs first, then jobs that no feature does", async () => {
  const world = await openWorld({ env });
  world.setCron(false);
  await remindAll(world, [world.clock.now() - 2 * minute]);
  await jobsOf(world).schedule({ kind: "gone", owner: "7", dueAt: world.clock.now() + 60 * minute });
  const { level, sentence, jobs, concerns } = await statusOf(world);
  expect(level).toBe("trouble");
  expect(sentence).toBe(
    "Trouble: 1 job is late, by up to 2 min. Does the cron trigger run? 1 other thing needs a look.",
  );
  expect(concerns.map(({ kind, about }) => [kind, about])).toEqual([
    ["late-jobs", undefined],
    ["orphaned-job", "gone"],
  ]);
  expect(jobs).toMatchObject({ scheduled: 2, due: 1, late: 1, running: 0 });
  expect(jobs?.upcoming.map(({ kind, isOrphaned }) => [kind, isOrphaned])).toEqual([
    ["remind", false],
    ["gone", true],
  ]);
});

it("shows /status to the owner alone, with the dashboard's address where there is one", async () => {
  const world = await openWorld({ env, dashboard });
  const shown = (user: string) => answerTo(world, user);
  expect(await shown("grace.h")).toContain("Only the bot's owner can do this.");
  const own = await shown("ada");
  expect(own).toContain("All well: 1 instance, nothing late.");
  expect(own).toContain("Last hour: 1 interaction");
  expect(own).toContain("http://worker.world/admin");
  for (const without of [{ dashboard }, { env }]) {
    expect(await answerTo(await openWorld(without), "ada")).not.toContain("/admin");
  }
});
