import { describe, expect, it } from "vitest";
import { listButton } from "../../../../src/bot/reminders/commands.ts";
import { createTestBot } from "../../../support/bot.ts";
import { createDatabase } from "../../../support/database.ts";
import { click, person, slashWith } from "../../../support/payloads.ts";

// Answers to a delivery that comes twice, to two isolates.

const remind = (name: string, options: Record<string, string>) =>
  slashWith("remind", [
    { type: 1, name, options: Object.entries(options).map(([option, value]) => ({ type: 3, name: option, value })) },
  ]);

async function createReminder() {
  const database = createDatabase();
  const [one, two] = await Promise.all([createTestBot({ database }), createTestBot({ database })]);
  const asked = remind("me", { about: "tea", in: "2h" });
  await one.interact(asked);
  /** Delivers a payload to one isolate after the other. */
  const twice = async (payload: object) => [(await one.interact(payload)).body, (await two.interact(payload)).body];
  const kept = () => database.raw("ZCARD", `sp:j:of:${person.id}`);
  return { database, job: `remind:${asked.id}`, twice, kept };
}

describe("a delivery that comes twice", () => {
  it.each([
    ["a click on Snooze", (job: string) => click(listButton.id({ what: "snooze", job }))],
    ["/remind snooze", (job: string) => remind("snooze", { reminder: job, by: "3h" })],
  ])("postpones once by %s, and is answered the same twice", async (_title, payload) => {
    const { job, twice, kept } = await createReminder();
    const [first, second] = await twice(payload(job));
    expect(JSON.stringify(first)).toContain("tea");
    expect(second).toEqual(first);
    expect(await kept()).toBe(1);
  });

  it.each([
    ["a click on Cancel", (job: string) => click(listButton.id({ what: "cancel", job })), "You have no reminders."],
    ["/remind cancel", (job: string) => remind("cancel", { reminder: job }), "Cancelled."],
  ])("cancels by %s, and says so twice", async (_title, payload, words) => {
    const { job, twice, kept } = await createReminder();
    const [first, second] = await twice(payload(job));
    expect(JSON.stringify(first)).toContain(words);
    expect(second).toEqual(first);
    expect(await kept()).toBe(0);
  });
});

it.each([
  ["/remind me", () => remind("me", { about: "tea", in: "2h" })],
  ["a click on Again in 10 min", () => click("remind/again/10", {}, { content: "⏰ tea\n-# You asked for this." })],
])("sets no second reminder by %s that is delivered again once the first is gone", async (_title, ask) => {
  const { job, twice, kept, database } = await createReminder();
  await twice(remind("cancel", { reminder: job }));
  const payload = ask();
  const [first] = await twice(payload);
  expect(JSON.stringify(first)).toContain("tea");
  expect(await kept()).toBe(1);
  await twice(remind("cancel", { reminder: `remind:${payload.id}` }));
  const again = await twice(payload);
  expect(again).toEqual([first, first]);
  expect([await kept(), await database.raw("HLEN", "sp:j:jobs")]).toEqual([0, 0]);
});

it.each([
  ["⏰ tea\n-# You asked for this.", ": tea"],
  ["no mark", ": no mark"],
  [`⏰ ${"x".repeat(1_600)}\n-# x`, `: ${"x".repeat(1_600)}`],
  [`⏰ ${"x".repeat(1_601)}\n-# x`, `: ${"x".repeat(1_599)}…`],
])("reminds again of the text of a message, as far as there is room", async (content, shown) => {
  const { twice } = await createReminder();
  const [first] = await twice(click("remind/again/10", {}, { content }));
  expect((first as { data: { content: string } }).data.content.endsWith(shown)).toBe(true);
});

it("leaves a reminder alone when another person clicks with its id", async () => {
  const { job, twice, kept } = await createReminder();
  const other = { ...person, id: "1300000000000000009" };
  for (const what of ["cancel", "snooze"] as const) {
    const payload = click(listButton.id({ what, job }));
    const [body] = await twice({ ...payload, member: { ...payload.member, user: other } });
    expect(JSON.stringify(body)).toContain("You no longer have such a reminder.");
  }
  expect(await kept()).toBe(1);
});
