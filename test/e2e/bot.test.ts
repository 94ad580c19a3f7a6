import { expect, it } from "vitest";
import { startSim } from "../../local/kit/index.ts";

// The bot as it is deployed: built, in workerd, on the machine's clock. What each feature does is tried in test/node/bot.

const sim = await startSim({ env: { LOG_LEVEL: "error" } });
const grace = sim.as("grace.h");
const seen = (text: string) =>
  [...sim.discord.world.messages.values()].flatMap((messages) =>
    [...messages.values()].filter(({ content }) => content.includes(text)),
  ).length;

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
