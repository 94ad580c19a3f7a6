import { expect, it } from "vitest";
import { modal } from "../../../../src/bot/kit.ts";
import { checkCommands } from "../../../../src/discord/declare/check.ts";
import { type CommandBody, checkHandlers } from "../../../../src/discord/index.ts";

// Every bound of a declaration, tried on both sides.

const command = (more: object = {}): CommandBody => ({ type: 1, name: "ok", description: "Fine", ...more });
const withOption = (more: object) => command({ options: [{ type: 3, name: "a", description: "x", ...more }] });
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const x = (count: number) => "x".repeat(count);
const choices = (count: number) => many(count, (at) => ({ name: `${at}`, value: `${at}` }));
/** Nine options of 800 characters each with their choices, and a rest. */
const ofTotal = (total: number) =>
  command({
    name: "n",
    description: "d",
    options: many(10, (at) => ({
      type: 3,
      name: `${at}`,
      description: "x",
      choices: [
        ...many(7, (one) => ({ name: `${at}${one}`.padEnd(50, "x"), value: x(50) })),
        { name: x(49), value: at < 9 ? x(49) : "" },
        ...(at < 9 ? [] : [{ name: "rest", value: x(total - 8_000 + 43) }]),
      ],
    })),
  });

it.each<[string, (count: number) => CommandBody[], number]>([
  ["characters of a name", (n) => [command({ name: x(n) })], 32],
  ["characters of a menu's name", (n) => [{ type: 2, name: x(n) }], 32],
  ["characters of a description", (n) => [command({ description: x(n) })], 100],
  ["characters that people see of a description", (n) => [command({ description: "😀".repeat(n) })], 100],
  ["characters of an activity's description", (n) => [{ type: 4, name: "Play", description: x(n) }], 100],
  ["characters of a localized name", (n) => [command({ name_localizations: { de: x(n) } })], 32],
  ["characters of a menu's localized name", (n) => [{ type: 3, name: "A", name_localizations: { de: x(n) } }], 32],
  ["characters of a localized description", (n) => [command({ description_localizations: { de: x(n) } })], 100],
  ["options", (n) => [command({ options: many(n, (at) => ({ type: 3, name: `o${at}`, description: "x" })) })], 25],
  ["characters of an option's name", (n) => [withOption({ name: x(n) })], 32],
  ["characters of an option's description", (n) => [withOption({ description: x(n) })], 100],
  ["characters of an option's localized name", (n) => [withOption({ name_localizations: { fr: x(n) } })], 32],
  ["choices", (n) => [withOption({ choices: choices(n) })], 25],
  ["characters of a choice's name", (n) => [withOption({ choices: [{ name: x(n), value: "" }] })], 100],
  ["characters of a choice's value", (n) => [withOption({ choices: [{ name: "a", value: x(n) }] })], 100],
  ["length", (n) => [withOption({ max_length: n })], 6_000],
  ["least length", (n) => [withOption({ min_length: n })], 6_000],
  ["value", (n) => [withOption({ type: 4, max_value: n })], Number.MAX_SAFE_INTEGER],
  ["value below 0", (n) => [withOption({ type: 10, min_value: -n })], Number.MAX_SAFE_INTEGER],
  ["length below another", (n) => [withOption({ min_length: n, max_length: 7 })], 7],
  ["value below another", (n) => [withOption({ type: 4, min_value: n, max_value: 7 })], 7],
  ["commands", (n) => many(n, (at) => command({ name: `c${at}` })), 100],
  ["menus of people", (n) => many(n, (at) => ({ type: 2, name: `C ${at}` })), 15],
  ["menus of messages", (n) => many(n, (at) => ({ type: 3, name: `C ${at}` })), 15],
  ["activities", (n) => many(n, (at) => ({ type: 4, name: `C ${at}`, description: "x" })), 1],
  ["commands of an unknown type", (n) => many(n, () => ({ type: 9, name: "C" })), 0],
])("takes as many %s as Discord, and not one more", (_what, make, most) => {
  expect(() => checkCommands(make(most))).not.toThrow();
  expect(() => checkCommands(make(most + 1))).toThrow();
});

it("counts 8,000 characters of names, descriptions and choices, the longest localization of each", () => {
  const total = (body: CommandBody) => {
    try {
      checkCommands([body]);
      return 0;
    } catch (error) {
      return Number(/has (\d+) characters of/.exec((error as Error).message)?.[1]);
    }
  };
  const rest = 8_001 - (total(ofTotal(8_040)) - 40);
  expect([total(ofTotal(8_000 + rest - 1)), total(ofTotal(8_000 + rest))]).toEqual([0, 8_001]);
  const longer = { ...ofTotal(8_000 + rest - 1), name_localizations: { de: "xx" } };
  expect(total(longer)).toBe(8_001);
  expect(total({ ...longer, name_localizations: { de: "x" } })).toBe(0);
});

it("counts each name, description and text once, and no numbers", () => {
  const choices = [
    { name: "ab", value: "cde" },
    { name: "f", value: 5 },
  ];
  const options = [
    { type: 3, name: "g", description: "hi", choices },
    { type: 3, name: "j", description: "k", name_localizations: { de: "lmn" } },
  ];
  const body = command({ description: x(8_000), options });
  expect(() => checkCommands([body])).toThrow("/ok has 8015 characters of names, descriptions and choices");
});

it("refuses a command without a description, and each length by what it has and may have", () => {
  for (const type of [1, 4]) {
    expect(() => checkCommands([{ type, name: "ok" }])).toThrow(
      "the description has 0 characters; Discord takes 1 to 100.",
    );
  }
  checkCommands([{ type: 2, name: "Ok" }]);
});

const fields = {
  choices: [3, 4, 10],
  autocomplete: [3, 4, 10],
  min_length: [3],
  max_length: [3],
  min_value: [4, 10],
  max_value: [4, 10],
  channel_types: [7],
  file_types: [11],
};

it.each(Object.entries(fields))("takes %s for the types %j of options only", (field, types) => {
  const value = field === "autocomplete" ? true : field.startsWith("m") ? 1 : [];
  for (const type of [3, 4, 5, 6, 7, 8, 9, 10, 11]) {
    const check = () => checkCommands([withOption({ type, [field]: value })]);
    if (types.includes(type)) expect(check).not.toThrow();
    else expect(check).toThrow(`${field} is for other types of option`);
  }
});

it("takes required options before the others, choices or autocomplete, and a group with a subcommand", () => {
  const option = (name: string, more: object = {}) => ({ type: 3, name, description: "x", ...more });
  const leaf = { type: 1, name: "add", description: "x" };
  checkCommands([
    command({ options: [option("a", { required: true }), option("b", { required: true }), option("c")] }),
  ]);
  checkCommands([withOption({ autocomplete: true, choices: [] }), command({ name: "two", options: [leaf] })]);
  checkCommands([command({ options: [{ type: 2, name: "topic", description: "x", options: [leaf] }] })]);
  expect(() => checkCommands([command({ options: [{ ...leaf, options: [option("a"), option("a")] }] })])).toThrow(
    '/ok add has two options called "a"',
  );
});

const text = (more: object = {}) => ({ type: "text", label: "L", ...more }) as const;

it.each<[string, (count: number) => Parameters<typeof modal>[0], number]>([
  ["characters of a title", (n) => form({ title: x(n) }), 45],
  ["fields", (n) => form({ fields: Object.fromEntries(many(n, (at) => [`f${at}`, text()])) }), 5],
  ["characters of a label", (n) => form({ fields: { a: text({ label: x(n) }) } }), 45],
  ["characters of a field's description", (n) => form({ fields: { a: text({ description: x(n) }) } }), 100],
  ["characters of a field's name", (n) => form({ fields: { [x(n)]: text() } }), 100],
])("takes as many %s of a form as Discord, and not one more", (_what, make, most) => {
  expect(() => checkHandlers([modal(make(most))])).not.toThrow();
  expect(() => checkHandlers([modal(make(most + 1))])).toThrow('The modal "bad"');
});

it("refuses a form without a title or a label, and takes any text between its fields", () => {
  expect(() => checkHandlers([modal(form({ title: "" }))])).toThrow("its title must be 1 to 45 characters");
  expect(() => checkHandlers([modal(form({ title: undefined }))])).toThrow("its title must be 1 to 45 characters");
  for (const misspelt of [{ label: "" }, { lable: "L" }]) {
    const fields = { a: { type: "text", ...misspelt } };
    expect(() => checkHandlers([modal(form({ fields }))])).toThrow('The modal "bad": "a" has no label.');
  }
  checkHandlers([modal(form({ fields: { a: { type: "display", content: x(200) } } }))]);
});

function form(more: object): Parameters<typeof modal>[0] {
  return { id: "bad", title: "T", fields: { a: text() }, run: () => "x", ...more };
}
