import { expect, it, onTestFinished } from "vitest";
import type { Transcript } from "../../../local/discord/index.ts";
import { createWorld } from "../../../local/kit/world.ts";
import { tokenOf } from "../../../src/coordination/token.ts";

// The whole Worker for a day, on a clock that the test moves.

const minute = 60_000;
const hour = 60 * minute;
const grace = { user: "grace.h" };

const textOf = ({ messages }: Transcript): string => JSON.stringify(messages);

it("keeps its promises over a simulated day and night", { timeout: 120_000 }, async () => {
  const world = await createWorld({ isolates: 2, startAt: Date.parse("2026-06-01T08:00:00Z") });
  onTestFinished(() => world.close());
  const { discord } = world;
  const reminders = () =>
    discord
      .visibleMessages({ channel: "dm" })
      .map(({ content, timestamp }) => [content.split("\n")[0], timestamp.slice(11, 16)]);
  /** The fencing token of the next leader: an order is given, and what gave it leads for as long as that takes. */
  const nextToken = async (): Promise<number> => {
    const given = await world.run(discord.command("/broadcast order:note note:hello"));
    expect(textOf(given)).toContain("Every instance carries it out");
    const entries = (await world.redisCommand("XREVRANGE", "sp:le:main", "+", "-")) as [id: string][];
    return tokenOf(entries[0]?.[0] ?? "") ?? 0;
  };

  // A daily reminder, and a poll that closes after two hours.
  await world.run(discord.command("/remind me about:stretch every:day 9:00 zone:UTC"));
  const form = await world.run(discord.command("/poll question:Lunch? closes:2h"));
  const poll = await world.run(discord.submit(form.interaction.token, { Answers: "Pizza\nSoup" }));
  await world.pass(2 * minute);
  expect(textOf(poll)).toContain("Choose one");

  // A wizard left at its second step, and taken up an hour later in whichever isolate answers.
  const begun = await world.run(discord.command("/setup", grace));
  await world.run(discord.click(begun.messages[0]?.id ?? "", { label: "Next" }, grace));
  const firstToken = await nextToken();
  await world.pass(hour);
  expect(reminders()).toEqual([["⏰ stretch", "09:00"]]);
  const resumed = await world.run(discord.command("/setup", grace));
  expect(textOf(resumed)).toContain("Step 2 of 4");
  expect(textOf(await world.run(discord.command("/session list", grace)))).toContain("Setting up a server");

  // Both isolates end without a word: others lead, under a greater token.
  for (const index of [0, 1]) world.kill(index);
  await world.pass(2 * hour);
  expect(await nextToken()).toBeGreaterThan(firstToken);

  // The poll has closed, on its message; the wizard's session has ended, since it was left alone.
  expect(JSON.stringify(discord.message(poll.messages[0]?.id ?? ""))).toContain("Closed");
  await world.pass(25 * hour);
  expect(textOf(await world.run(discord.command("/session list", grace)))).toContain("You have no sessions");

  expect(reminders().map(([text, at]) => `${text} at ${at}`)).toEqual(["⏰ stretch at 09:00", "⏰ stretch at 09:00"]);
  expect(world.invocations.filter(({ refused }) => refused > 0)).toEqual([]);
});
