import * as v from "valibot";
import { expect, it, onTestFinished, vi } from "vitest";
import { command, wizard } from "../../../src/bot/kit.ts";
import { guildOnly, needsPermissions } from "../../../src/discord/index.ts";
import { createTestBot } from "../../support/bot.ts";
import { click, envelope, slash, submission } from "../../support/payloads.ts";

// A wizard with a menu and two forms, step by step.

const schema = v.object({
  size: v.string(),
  name: v.string(),
  // Names that a step's problem has as well.
  problem: v.optional(v.string()),
  draft: v.optional(v.string()),
});
const saved: unknown[] = [];
const order = wizard({
  name: "order",
  title: "Order",
  command: "/order",
  guards: [guildOnly, needsPermissions("ManageGuild")],
  schema,
  steps: ({ menu, form }) => [
    menu({
      name: "size",
      title: "Size",
      text: "Which size?",
      type: "string-select",
      menu: ({ size }) => ({ options: ["s", "l"].map((value) => ({ label: value, value, default: value === size })) }),
      take: ([size = ""], draft) => ({ ...draft, size, ...(size === "s" ? { problem: "small" } : { draft: "large" }) }),
    }),
    form({
      name: "name",
      title: "Name",
      text: ({ name }) => `So far: ${name}`,
      isReady: ({ name }) => name !== "",
      label: "Enter it",
      fields: { name: { type: "text", label: "Name" } },
      fill: ({ name }) => ({ name: { value: name } }),
      take: ({ name }, draft) =>
        name === "bad" ? { draft: { ...draft, name }, problem: "No such name." } : { ...draft, name },
    }),
    form({
      name: "again",
      title: "Again",
      text: "The same?",
      label: "Say",
      fields: { name: { type: "text", label: "Name" } },
      take: (_values, draft) => draft,
    }),
  ],
  review: ({ size, name, problem, draft }) => [size, name, problem, draft].join("/"),
  save: async (draft) => {
    saved.push(draft);
    return "Ordered.";
  },
});
const begin = command({
  name: "order",
  description: "x",
  run: (interaction, services) => order.begin(interaction, services, { draft: { size: "l", name: "" } }),
});

async function start() {
  const bot = await createTestBot({ handlers: [begin, ...order.handlers] });
  const see = async (payload: object) => read((await bot.interact(payload)).body);
  const first = await see(slash("order"));
  return { bot, see, first };
}

/** The texts of a message, and the custom_ids of its buttons and menus by their labels. */
function read(body: unknown) {
  const json = JSON.stringify(body);
  const texts = [...json.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map(
    ([, text]) => JSON.parse(`"${text}"`) as string,
  );
  const ids = new Map(
    [...json.matchAll(/"label":"([^"]+)"[^}]*?"custom_id":"([^"]+)"/g)].map(
      ([, label = "", id = ""]) => [label, id] as const,
    ),
  );
  const menu = /"custom_id":"([^"]*pick[^"]*)"/.exec(json)?.[1] ?? "";
  const form =
    /^\{"type":9,"data":\{"custom_id":"([^"]+)"|"custom_id":"([^"]*form-[^"]*)"/.exec(json)?.slice(1).find(Boolean) ??
    "";
  return { json, texts, menu, form, labels: [...ids.keys()], id: (label: string) => ids.get(label) ?? "" };
}
const choose = (id: string, value: string) => click(id, { component_type: 3, values: [value] });
const enter = (id: string, name: string) =>
  submission(id, [{ type: 4, custom_id: "name", value: name }], { message: click(id).message });
const weak = { member: { ...envelope().member, permissions: "0" } };

it("goes through menus and forms to the review, and saves what was entered", async () => {
  saved.length = 0;
  const { see, first } = await start();
  expect(first.texts).toEqual(["### Order\n-# Step 1 of 3 · Size", "Which size?"]);
  expect(first.labels.filter((label) => label.length > 1)).toEqual(["Next", "Cancel"]);
  expect(first.json).toContain('{"label":"l","value":"l","default":true}');
  const name = await see(choose(first.menu, "s"));
  expect([name.texts, name.labels]).toEqual([
    ["### Order\n-# Step 2 of 3 · Name", "So far: "],
    ["Back", "Enter it", "Cancel"],
  ]);
  expect(name.menu).toBe("");
  const form = await see(click(name.id("Enter it")));
  expect(form.json).toMatch(/^\{"type":9,.*"title":"Name"/);
  const wrong = await see(enter(form.form, "bad"));
  expect([wrong.texts, wrong.labels]).toEqual([
    ["### Order\n-# Step 2 of 3 · Name", "So far: bad", "⚠️ No such name."],
    ["Back", "Enter it", "Next", "Cancel"],
  ]);
  const anew = await see(click(wrong.id("Enter it")));
  expect(anew.json).toContain('"value":"bad"');
  const again = await see(enter(anew.form, "Ada"));
  expect(again.texts).toEqual(["### Order\n-# Step 3 of 3 · Again", "The same?"]);
  const back = await see(click(again.id("Back")));
  expect(back.texts).toEqual(["### Order\n-# Step 2 of 3 · Name", "So far: Ada"]);
  const third = await see(click(back.id("Next")));
  const review = await see(enter((await see(click(third.id("Say")))).form, "ignored"));
  expect([review.texts, review.labels]).toEqual([
    ["### Order\n-# Is this right?", "s/Ada/small/"],
    ["Back", "Save", "Cancel"],
  ]);
  const resumed = await see(slash("order"));
  expect(resumed.texts).toEqual(["### Order\n-# Is this right?", "-# You left off here.", "s/Ada/small/"]);
  const done = await see(click(review.id("Save")));
  expect([done.texts, done.labels, saved]).toEqual([
    ["### Order", "Ordered."],
    [],
    [{ size: "s", name: "Ada", problem: "small" }],
  ]);
  expect((await see(slash("order"))).texts).toEqual(["### Order\n-# Step 1 of 3 · Size", "Which size?"]);
});

it("takes a draft for what it is, whatever its fields are called, and lets a problem go with the step", async () => {
  const { see, first } = await start();
  const name = await see(choose(first.menu, "l"));
  const wrong = await see(enter((await see(click(name.id("Enter it")))).form, "bad"));
  expect(wrong.texts.at(-1)).toBe("⚠️ No such name.");
  const on = await see(click(wrong.id("Next")));
  expect((await see(click(on.id("Back")))).texts).toEqual(["### Order\n-# Step 2 of 3 · Name", "So far: bad"]);
  expect((await see(slash("order"))).texts.at(-1)).toBe("So far: bad");
});

it("asks its guards at menus and forms as well, and takes a form of an older message for late", async () => {
  const { see, first } = await start();
  expect((await see({ ...choose(first.menu, "s"), ...weak })).texts).toEqual(["You need **Manage Guild** for this."]);
  const name = await see(choose(first.menu, "s"));
  const open = click(name.id("Enter it"));
  expect((await see({ ...open, ...weak })).texts).toEqual(["You need **Manage Guild** for this."]);
  const { form } = await see(open);
  expect((await see({ ...enter(form, "Ada"), ...weak })).texts).toEqual(["You need **Manage Guild** for this."]);
  await see(enter(form, "Ada"));
  const late = /You went on from here already/;
  for (const payload of [click(name.id("Enter it")), enter(form, "Bob"), choose(first.menu, "l")])
    expect((await see(payload)).json).toMatch(late);
  expect((await see(slash("order"))).texts.at(-1)).toBe("The same?");
});

it("opens no form where its step has none, and none once it is over or for another person", async () => {
  const { see, first } = await start();
  const open = first.id("Next").replace("/next/", "/form/");
  expect((await see(click(open))).json).toContain("This is over");
  const name = await see(click(first.id("Next")));
  const { member } = envelope();
  const robin = { member: { ...member, user: { ...member.user, id: "1100000000000000015" } } };
  for (const label of ["Enter it", "Back", "Cancel"])
    expect((await see({ ...click(name.id(label)), ...robin })).json).toContain("Another person is filling this in.");
  const elsewhere = { guild_id: "7", guild: { id: "7", locale: "en-US", features: [] } };
  for (const label of ["Enter it", "Back", "Cancel"])
    expect((await see({ ...click(name.id(label)), ...elsewhere })).json).toContain("This was begun in another server");
  const cancelled = await see(click(name.id("Cancel")));
  expect(cancelled.texts).toEqual(["### Order", "Cancelled. Nothing was changed."]);
  for (const label of ["Enter it", "Back", "Cancel"])
    expect((await see(click(name.id(label)))).json).toContain("This is over");
});

it("takes drafts that are texts, or nothing", async () => {
  const word = wizard({
    name: "word",
    title: "Word",
    command: "/word",
    schema: v.nullable(v.string()),
    steps: ({ menu }) => [
      menu({
        name: "word",
        title: "Word",
        text: "Which?",
        type: "string-select",
        menu: () => ({ options: [{ label: "a", value: "a" }] }),
        take: ([value = ""]) => (value === "a" ? value : null),
      }),
    ],
    review: (draft) => `It is ${draft}`,
    save: async () => "Saved.",
  });
  expect(word.handlers).toHaveLength(3);
  const anew = command({
    name: "word",
    description: "x",
    run: (interaction, services) => word.begin(interaction, services, { draft: null, isAnew: true }),
  });
  const bot = await createTestBot({ handlers: [anew, ...word.handlers] });
  const see = async (payload: object) => read((await bot.interact(payload)).body);
  const first = await see(slash("word"));
  expect((await see(choose(first.menu, "a"))).texts.at(-1)).toBe("It is a");
  const second = await see(slash("word"));
  expect((await see(click(first.id("Next")))).json).toContain("This is over");
  expect((await see(choose(second.menu, "b"))).texts.at(-1)).toBe("It is null");
  expect(await bot.database.raw("KEYS", "sp:s:*")).toHaveLength(1);
});

it("migrates a draft of an older version, and ends one that it cannot read", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  const { bot, first } = await start();
  const [key = ""] = (await bot.database.raw("KEYS", "sp:s:*")) as string[];
  const schema = v.object({ words: v.string() });
  const orderOf = (more: { version: number; migrate?(draft: unknown, version: number): unknown }) =>
    wizard({
      name: "order",
      title: "Order",
      command: "/order",
      schema,
      ...more,
      steps: ({ form }) => [
        form({
          name: "words",
          title: "Words",
          text: ({ words }) => words,
          label: "Say",
          fields: { words: { type: "text", label: "Words" } },
          take: ({ words }) => ({ words }),
        }),
      ],
      review: ({ words }) => words,
      save: async () => "Saved.",
    });
  const open = async (newer: ReturnType<typeof orderOf>) => {
    const again = command({
      name: "order",
      description: "x",
      run: (interaction, services) => newer.begin(interaction, services, { draft: { words: "new" } }),
    });
    const next = await createTestBot({ database: bot.database, handlers: [again, ...newer.handlers] });
    return async (payload: object) => read((await next.interact(payload)).body);
  };
  const unread = await open(orderOf({ version: 3 }));
  expect((await unread(click(first.id("Next")))).json).toContain("This changed since you began it.");
  const see = await open(
    orderOf({ version: 2, migrate: (draft, from) => ({ words: `${(draft as { size: string }).size} of ${from}` }) }),
  );
  const migrated = await see(slash("order"));
  expect(migrated.texts).toEqual(["### Order\n-# Step 1 of 1 · Words", "-# You left off here.", "l of 1"]);
  const [head = ""] = String(await bot.database.raw("GET", key)).split("\n");
  for (const data of ["null", "7", '"text"', "[]", '{"at":0,"place":7}', '{"place":"7"}']) {
    await bot.database.raw("SET", key, `${head}\n${data}`, "KEEPTTL");
    expect((await see(click(first.id("Next")))).json).toContain("This changed since you began it.");
  }
  for (const shown of ["new", "-# You left off here."]) expect((await see(slash("order"))).texts).toContain(shown);
});
