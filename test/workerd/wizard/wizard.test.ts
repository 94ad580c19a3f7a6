import * as v from "valibot";
import { expect, it } from "vitest";
import { command, wizard } from "../../../src/bot/kit.ts";
import { guildOnly, needsPermissions } from "../../../src/discord/index.ts";
import { createTestBot } from "../../support/bot.ts";
import { click, slash } from "../../support/payloads.ts";

const saved: string[] = [];
const naming = wizard({
  name: "naming",
  title: "Naming",
  command: "/naming",
  guards: [guildOnly, needsPermissions("ManageGuild")],
  schema: v.object({ name: v.string() }),
  steps: ({ form }) => [
    form({
      name: "name",
      title: "Name",
      text: "Which name?",
      label: "Enter it",
      fields: { name: { type: "text", label: "Name" } },
      take: ({ name }) => ({ name }),
    }),
  ],
  review: ({ name }) => name,
  save({ name }, { guildId }) {
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
  const save = await bot.interact(click(idOf(review.body, "Save")));
  expect(JSON.stringify(save.body)).toContain("Saved.");
  expect(saved).toEqual(["true Ada"]);
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
