import * as v from "valibot";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { command, wizard } from "../../../src/bot/kit.ts";
import { guildOnly, needsPermissions } from "../../../src/discord/index.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createSessions, sessionKind } from "../../../src/sessions/index.ts";
import type { StepKit } from "../../../src/wizard/index.ts";
import { createTestBot } from "../../support/bot.ts";
import { click, person, slash } from "../../support/payloads.ts";

const schema = v.object({ name: v.string() });

/** One step, with a form of one field. */
const asksForName = {
  schema,
  steps: ({ form }: StepKit<v.InferOutput<typeof schema>>) => [
    form({
      name: "name",
      title: "Name",
      text: "Which name?",
      label: "Enter it",
      fields: { name: { type: "text", label: "Name" } },
      take: ({ name }) => ({ name }),
    }),
  ],
  review: ({ name }: v.InferOutput<typeof schema>) => name,
};

const saved: string[] = [];
const failing = { times: 0 };
beforeEach(() => {
  saved.length = 0;
  failing.times = 0;
});
const naming = wizard({
  name: "naming",
  title: "Naming",
  command: "/naming",
  guards: [guildOnly, needsPermissions("ManageGuild")],
  ...asksForName,
  save({ name }, { guildId }) {
    if (failing.times-- > 0) return Promise.reject(new Error("not now"));
    saved.push(`${guildId.length > 0} ${name}`);
    return Promise.resolve("Saved.");
  },
});
const begin = command({
  name: "naming",
  description: "x",
  run: (interaction, services) => naming.begin(interaction, services, { draft: { name: "Ada" } }),
});

/** The custom_id of the button with this label. */
const idOf = (body: unknown, label: string): string =>
  new RegExp(`"label":"${label}"[^}]*?"custom_id":"([^"]+)"`).exec(JSON.stringify(body))?.[1] ?? "";

it("asks a wizard's guards at every click, so that a permission lost meanwhile counts", async () => {
  const bot = await createTestBot({ handlers: [begin, ...naming.handlers] });
  const first = await bot.interact(slash("naming"));
  const next = click(idOf(first.body, "Next"));
  const refused = await bot.interact({ ...next, member: { ...next.member, permissions: "0" } });
  expect(refused.body).toMatchObject({ data: { content: "You need **Manage Guild** for this.", flags: 64 } });
  const review = await bot.interact(next);
  for (const label of ["Save", "Cancel", "Back"]) {
    const weak = click(idOf(review.body, label));
    const { body } = await bot.interact({ ...weak, member: { ...weak.member, permissions: "0" } });
    expect(body).toMatchObject({ data: { content: "You need **Manage Guild** for this.", flags: 64 } });
  }
  const save = await bot.interact(click(idOf(review.body, "Save")));
  expect(JSON.stringify(save.body)).toContain("Saved.");
  expect(saved).toEqual(["true Ada"]);
});

it("shows a wizard to the person alone, when it begins and when it goes on", async () => {
  const bot = await createTestBot({ handlers: [begin, ...naming.handlers] });
  for (const words of ["Step 1 of 1", "You left off here."]) {
    const { body } = await bot.interact(slash("naming"));
    expect(JSON.stringify(body)).toContain(words);
    expect(body).toMatchObject({ data: { flags: 32_768 | 64 } });
  }
});

it("goes back no further than the first step, and on no further than the review, whatever a click says", async () => {
  const bot = await createTestBot({ handlers: [begin, ...naming.handlers] });
  const first = idOf((await bot.interact(slash("naming"))).body, "Next");
  const still = await bot.interact(click(first.replace("/go/next/", "/go/back/")));
  expect(JSON.stringify(still.body)).toContain("Step 1 of 1");
  const review = await bot.interact(click(idOf(still.body, "Next")));
  const on = await bot.interact(click(idOf(review.body, "Back").replace("/go/back/", "/go/next/")));
  expect(JSON.stringify(on.body)).toContain("Is this right?");
});

it("is gone on with in its own conversation, outside of servers too", async () => {
  const free = wizard({
    name: "free",
    title: "Free",
    command: "/free",
    ...asksForName,
    save: () => Promise.resolve("Saved."),
  });
  const start = command({
    name: "free",
    description: "x",
    run: (interaction, services) => free.begin(interaction, services, { draft: { name: "Ada" } }),
  });
  const bot = await createTestBot({ handlers: [start, ...free.handlers] });
  const privately = (channel: string) => ({
    guild_id: undefined,
    member: undefined,
    user: person,
    channel_id: channel,
    channel: { id: channel, type: 1 },
  });
  const text = async (payload: object, channel: string) =>
    JSON.stringify((await bot.interact({ ...payload, ...privately(channel) })).body);
  const first = await text(slash("free"), "7");
  const next = idOf(JSON.parse(first), "Next");
  expect(await text(click(next), "8")).toContain("This was begun in another server or conversation");
  expect(await text(slash("free"), "8")).not.toContain("You left off here.");
  expect(await text(click(next), "7")).toContain("Is this right?");
  expect(await text(slash("free"), "7")).toContain("You left off here.");
});

it("keeps a draft for a day after each step, and starts over where it can no longer be read", async () => {
  const bot = await createTestBot({ handlers: [begin, ...naming.handlers] });
  const next = click(idOf((await bot.interact(slash("naming"))).body, "Next"));
  const [key = ""] = (await bot.database.raw("KEYS", "sp:s:*")) as string[];
  const leftMs = async () => Number(await bot.database.raw("PTTL", key));
  const day = 86_400_000;
  expect(await leftMs()).toBeGreaterThan(day - 60_000);
  expect(await leftMs()).toBeLessThanOrEqual(day);
  await bot.database.raw("PEXPIRE", key, 60_000);
  const review = await bot.interact(next);
  expect(await leftMs()).toBeGreaterThan(day - 60_000);
  const stored = String(await bot.database.raw("GET", key));
  for (const damaged of [
    stored.replace('"at":1', '"at":1.5'),
    stored.replace('"place"', '"palace"'),
    `${stored.split("\n")[0]}\n7`,
  ]) {
    await bot.database.raw("SET", key, damaged, "PX", day);
    const { body } = await bot.interact(click(idOf(review.body, "Save")));
    expect(body).toMatchObject({
      data: { content: expect.stringContaining("This changed since you began it."), flags: 64 },
    });
  }
  // Another session of the same person, which is none of this wizard's.
  const { url, token } = bot.database;
  const { commands } = createConnection({ url, token, state: createRedisState() });
  const sessions = createSessions({ redis: () => commands, prefix: "sp:", waitUntil: () => {} });
  const notes = sessions.store(sessionKind({ name: "note", schema: v.string() }));
  const { id } = await notes.create("mine", { owner: person.id });
  const anew = await bot.interact(slash("naming"));
  expect(JSON.stringify(anew.body)).toContain("Step 1 of 1");
  expect(JSON.stringify(anew.body)).not.toContain("You left off here.");
  expect(await notes.get({ id, owner: person.id })).toMatchObject({ data: "mine" });
});

it("keeps the draft where saving failed, to be saved again", async () => {
  saved.length = 0;
  vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  const bot = await createTestBot({ handlers: [begin, ...naming.handlers] });
  const first = await bot.interact(slash("naming"));
  const review = await bot.interact(click(idOf(first.body, "Next")));
  failing.times = 1;
  const failed = await bot.interact(click(idOf(review.body, "Save")));
  expect(failed.body).toMatchObject({ data: { content: expect.stringContaining("Something went wrong"), flags: 64 } });
  const again = await bot.interact(slash("naming"));
  expect(JSON.stringify((await bot.interact(click(idOf(again.body, "Save")))).body)).toContain("Saved.");
  expect(saved).toEqual(["true Ada"]);
});

it("answers a second delivery of a step as the first, and goes no step further", async () => {
  const bot = await createTestBot({ handlers: [begin, ...naming.handlers] });
  const next = click(idOf((await bot.interact(slash("naming"))).body, "Next"));
  const first = await bot.interact(next);
  expect(JSON.stringify(first.body)).toContain("Is this right?");
  expect(await bot.interact(next)).toEqual(first);
  // The message that it showed still leads on.
  const back = await bot.interact(click(idOf(first.body, "Back")));
  expect(JSON.stringify(back.body)).toContain("Step 1 of 1");
});

it.each([
  ["Save", "Saved."],
  ["Cancel", "Cancelled. Nothing was changed."],
])("answers a second delivery of %s as the first, and saves no second time", async (label, words) => {
  saved.length = 0;
  const features = [{ name: "naming", handlers: [begin, ...naming.handlers] }];
  const one = await createTestBot({ features });
  const two = await createTestBot({
    features,
    database: one.database,
    env: { DISCORD_PUBLIC_KEY: one.signer.publicKey },
  });
  const first = await one.interact(slash("naming"));
  const review = await one.interact(click(idOf(first.body, "Next")));
  const last = click(idOf(review.body, label));
  const answers = [await one.interact(last)];
  const again = await two.fetch(await one.signer.request(last));
  answers.push({ status: again.status, body: await again.json() });
  for (const { body } of answers) expect(JSON.stringify(body)).toContain(words);
  expect(answers[1]?.body).toEqual(answers[0]?.body);
  expect(saved).toHaveLength(label === "Save" ? 1 : 0);
  // Another click, on the message as it was, is another interaction.
  const { body } = await one.interact(click(idOf(review.body, label)));
  expect(JSON.stringify(body)).toContain("This is over");
});
