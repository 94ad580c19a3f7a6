import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createWorld } from "../../../../local/kit/world.ts";

// A timed poll whose message Discord never told the bot about, through the whole Worker.

// The log says that the edits fail.
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

const hour = 60 * 60_000;

/** Asks a poll for an hour while every edit of a first answer fails. */
async function askUnheard() {
  const world = await createWorld();
  onTestFinished(() => world.close());
  const { discord } = world;
  discord.setRestFault({ status: 500, times: 100, path: "/webhooks/" });
  const form = await world.run(discord.command("/poll question:Lunch? closes:1h"));
  const poll = await world.run(discord.submit(form.interaction.token, { Answers: "Pizza\nSoup" }));
  await world.pass(40_000);
  discord.setRestFault(undefined);
  const shown = () => discord.visibleMessages().map((message) => JSON.stringify(message));
  return { world, discord, shown, id: poll.messages[0]?.id ?? "" };
}

describe("a timed poll whose first edit failed", () => {
  it("closes on its message when a vote has told which it is", async () => {
    const { world, discord, shown, id } = await askUnheard();
    await world.run(discord.click(id, { label: "Soup" }));
    await world.pass(hour);
    expect(JSON.stringify(discord.message(id))).toMatch(/Soup[^]* 1 · 100 %[^]*Closed/);
    expect(shown().filter((text) => text.includes("Lunch?"))).toHaveLength(1);
  });

  it("posts its result in its channel, once and without a ping, when no one has voted", async () => {
    const { world, discord, shown, id } = await askUnheard();
    await world.pass(hour);
    const polls = shown().filter((text) => text.includes("Lunch?"));
    expect(polls.map((text) => text.includes("Closed"))).toEqual([false, true]);
    expect(polls[1]).toContain('"mentions":[]');
    // The buttons that are still shown say that it is over.
    await world.run(discord.click(id, { label: "Pizza" }));
    expect(JSON.stringify(discord.message(id))).toMatch(/Pizza[^]* 0 · 0 %[^]*Closed/);
  });

  it("is not posted again when the delivery of its result is repeated", async () => {
    const { world, discord, shown } = await askUnheard();
    discord.setRestFault({ status: 500, times: 1, path: "/channels/", isAfter: true });
    await world.pass(hour + 60_000);
    expect(shown().filter((text) => text.includes("Lunch?") && text.includes("Closed"))).toHaveLength(1);
  });
});

it("has its server forgotten when it closes after the server removed the application", async () => {
  const world = await createWorld();
  onTestFinished(() => world.close());
  const { discord } = world;
  const harbour = "1100000000000000100";
  const form = await world.run(discord.command("/poll question:Lunch? closes:1h"));
  await world.run(discord.submit(form.interaction.token, { Answers: "Pizza\nSoup" }));
  await world.redisCommand("SET", `sp:g:${harbour}`, "{}");
  discord.world.guilds.delete(harbour);
  discord.world.messages.clear();
  await world.pass(hour + 60_000);
  expect(await world.redisCommand("EXISTS", `sp:g:${harbour}`)).toBe(0);
  expect(await world.redisCommand("HLEN", "sp:j:jobs")).toBe(0);
});
