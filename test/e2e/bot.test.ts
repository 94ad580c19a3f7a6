import { expect, it } from "vitest";
import { fireCron } from "../../local/dev/cron.ts";
import { startSim } from "../../local/kit/index.ts";

// The bot as it is deployed: built, in workerd, on the machine's clock. What each feature does is tried in test/node/bot.

const sim = await startSim({ env: { LOG_LEVEL: "error" } });
const grace = sim.as("grace.h");
const seen = (text: string) =>
  [...sim.discord.world.messages.values()].flatMap((messages) =>
    [...messages.values()].filter(({ content }) => content.includes(text)),
  ).length;

it("answers Discord's PING", async () => {
  expect(await sim.discord.ping()).toMatchObject({ status: 200, answer: { kind: "pong" }, problems: [] });
});

it("answers /ping in a guild and in a direct message with readable text", async () => {
  for (const from of [{}, { user: "stranger", channel: "dm" }, { user: "mei_lin", channel: "accueil", locale: "fr" }]) {
    const { answer, problems, messages } = await sim.discord.command("/ping", from);
    expect(problems).toEqual([]);
    expect(answer.kind).toBe("message");
    expect(messages).toEqual([
      expect.objectContaining({ content: expect.stringContaining("**Pong!**"), author: sim.discord.world.bot }),
    ]);
  }
});

it("begins a cron tick with a first look at the jobs, for at most 30 commands", async () => {
  sim.redis.resetCounters();
  // A tick goes on for two minutes, longer than this test: it ends with the Worker.
  void fireCron(new URL((await sim.fetch("/health")).url).origin, Date.now(), () => {});
  await expect.poll(() => sim.redis.counters().byCommand["ZRANGE"] ?? 0, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(sim.redis.counters().commands).toBeLessThanOrEqual(30);
});

it("keeps a poll and counts its votes", async () => {
  const poll = await (await sim.command("/poll question:Lunch?")).submit({ Answers: "Pizza\nSoup" });
  expect((await poll.as("robin").click("Pizza")).text).toContain(" 1 · 100 %");
});

it("goes through a wizard and saves what was entered", async () => {
  let shown = await grace.command("/setup");
  for (let step = 0; step < 4; step++) shown = await shown.click("Next");
  expect((await shown.click("Save")).text).toContain("Saved.");
});

it("sends a reminder and a post behind its answers", async () => {
  await sim.command("/remind me about:tea in:1s");
  await grace.command("/feed follow topic:releases");
  await grace.command("/feed publish topic:releases text:Version 2 is out");
  await expect.poll(() => [seen("⏰ tea"), seen("Version 2 is out\n")], { timeout: 10_000 }).toEqual([1, 1]);
});

it("quotes a message as a file", async () => {
  const { id } = await sim.command("/ping");
  const [file] = (await sim.messageCommand("Quote", id)).files;
  expect(await file?.text()).toContain("**Pong!**");
});

it("answers /ping before Discord gives up while Redis stalls, and says so", async () => {
  await sim.breakRedis({ at: "before", do: "stall", ms: 10_000 });
  await expect
    .poll(async () => (await sim.command("/ping")).text, { timeout: 10_000 })
    .toMatch(/(did not answer|took no answer from Redis) within 1000 ms/);
  await sim.breakRedis();
});

it("answers /ping, PING and /health with Redis stopped", async () => {
  await sim.redis.close();
  await expect.poll(async () => (await sim.command("/ping")).text, { timeout: 10_000 }).toContain("does not answer");
  expect(await sim.discord.ping()).toMatchObject({ answer: { kind: "pong" } });
  expect((await sim.fetch("/health")).status).toBe(200);
});
