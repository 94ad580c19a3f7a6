import type { APIMessage } from "discord-api-types/v10";
import { expect, it } from "vitest";
import { amount, clickData, selectData, type Which } from "../../../../../local/discord/interactions/components.ts";
import { ada, general, grace, moderators, news, radio, robin, sailors, startWorld } from "./support.ts";

const messageOf = (...components: object[]) =>
  ({ id: "1", components: [{ type: 1, components }] }) as unknown as APIMessage;
const button = (more: object = {}) => ({ type: 2, style: 1, id: 2, label: "Go", custom_id: "go", ...more });
const options = ["a", "b", "c"].map((value) => ({ label: value.toUpperCase(), value }));
const menu = (more: object = {}) => ({ type: 3, id: 2, custom_id: "m", options, ...more });

function attempt(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

const go = { custom_id: "go", component_type: 2, id: 2 };
const [yes, no] = [button({ label: "Yes", custom_id: "y" }), button({ label: "No", custom_id: "n", id: 3 })];

it.each<[string, object[], Which, unknown]>([
  ["the only button", [button()], {}, go],
  ["a button among menus", [menu(), button()], {}, go],
  ["a button by its label", [yes, no], { label: "No" }, { custom_id: "n", component_type: 2, id: 3 }],
  [
    "the first of two of one label",
    [yes, { ...no, label: "Yes" }],
    { label: "Yes" },
    { custom_id: "y", component_type: 2, id: 2 },
  ],
  [
    "a button by its custom_id",
    [yes, { ...no, label: "Yes" }],
    { customId: "n" },
    { custom_id: "n", component_type: 2, id: 3 },
  ],
  ["a button by its emoji", [yes, button({ label: undefined, emoji: { name: "🐦" } })], { label: "🐦" }, go],
  ["one of two", [yes, no], {}, 'Which button? The message has: "Yes", "No".'],
  ["a missing label", [yes, no], { label: "Maybe" }, 'The message has no button "Maybe". It has: "Yes", "No".'],
  ["a missing custom_id", [yes], { customId: "z" }, 'The message has no button "z". It has: "Yes".'],
  ["a button of none", [menu()], {}, "The message has no button."],
  ["a link", [button({ style: 5 })], {}, 'The button "Go" is a link and sends nothing.'],
  ["a premium button", [button({ style: 6 })], {}, "A premium button opens Discord's shop and sends nothing."],
  ["a disabled button", [button({ disabled: true })], {}, 'The button "Go" is disabled.'],
])("clicks %s", (_name, components, which, expected) => {
  expect(attempt(() => clickData(messageOf(...components), which))).toEqual(expected);
});

const data = (values: string[], type = 3) => ({ custom_id: "m", component_type: type, id: 2, values });

it.each<[string, object[], Which, string[], unknown]>([
  ["an option by its label", [menu()], {}, ["B"], data(["b"])],
  [
    "an option by its value before another's label",
    [menu({ options: [{ label: "b", value: "x" }, ...options] })],
    {},
    ["b"],
    data(["b"]),
  ],
  [
    "a menu by its placeholder",
    [menu({ placeholder: "One", custom_id: "z" }), menu({ placeholder: "Two" })],
    { placeholder: "Two" },
    ["A"],
    data(["a"]),
  ],
  ["an unknown option", [menu()], {}, ["D"], 'The menu has no option "D". It has: A, B, C.'],
  ["nothing", [menu()], {}, [], 'The menu "m" takes 1 choice, not 0.'],
  ["two of one", [menu()], {}, ["A", "B"], 'The menu "m" takes 1 choice, not 2.'],
  ["nothing where it may", [menu({ min_values: 0 })], {}, [], data([])],
  ["one twice", [menu({ max_values: 2 })], {}, ["A", "a"], "An option cannot be chosen twice."],
  ["in a disabled menu", [menu({ disabled: true, placeholder: "P" })], {}, ["A"], 'The menu "P" is disabled.'],
  ["in no menu", [button()], {}, ["A"], "The message has no menu."],
  [
    "a person",
    [menu({ type: 5 })],
    {},
    ["@ada"],
    { ...data([ada], 5), resolved: { users: { [ada]: expect.anything() }, members: { [ada]: expect.anything() } } },
  ],
  ["a person as a role", [menu({ type: 6 })], {}, ["@ada"], 'There is no role "@ada" to choose here.'],
  [
    "a role",
    [menu({ type: 6 })],
    {},
    ["@Sailors"],
    { ...data([sailors], 6), resolved: { roles: { [sailors]: expect.anything() } } },
  ],
  [
    "a role and a person",
    [menu({ type: 7, max_values: 2 })],
    {},
    ["@Moderators", "Grace"],
    {
      ...data([moderators, grace], 7),
      resolved: {
        users: { [grace]: expect.anything() },
        members: expect.anything(),
        roles: { [moderators]: expect.anything() },
      },
    },
  ],
  [
    "a channel",
    [menu({ type: 8 })],
    {},
    [`<#${general}>`],
    { ...data([general], 8), resolved: { channels: { [general]: expect.anything() } } },
  ],
  [
    "a channel of an accepted type",
    [menu({ type: 8, channel_types: [5, 2] })],
    {},
    ["#news"],
    { ...data([news], 8), resolved: expect.anything() },
  ],
  [
    "a channel of another type",
    [menu({ type: 8, channel_types: [5] })],
    {},
    ["#Radio"],
    "#Radio has a channel type that cannot be chosen here.",
  ],
  [
    "a channel as a person",
    [menu({ type: 7 })],
    {},
    [`<#${radio}>`],
    `There is no user or role "<#${radio}>" to choose here.`,
  ],
  [
    "an unknown ID",
    [menu({ type: 5 })],
    {},
    ["1999999999999999999"],
    'There is no user "1999999999999999999" to choose here.',
  ],
  [
    "a person by a long name",
    [menu({ type: 5 })],
    {},
    ["robin “the very long display name” b."],
    { ...data([robin], 5), resolved: expect.anything() },
  ],
])("chooses %s", (_name, components, which, chosen, expected) => {
  const { context, asker } = startWorld();
  expect(attempt(() => selectData(context, asker, messageOf(...components), which, chosen))).toEqual(expected);
});

it.each([
  [0, 0, "0 files"],
  [1, 1, "1 file"],
  [0, 1, "0 to 1 files"],
  [1, 3, "1 to 3 files"],
  [2, 2, "2 files"],
])("says how many from %i to %i", (min, max, words) => {
  expect(amount(min, max, "file")).toBe(words);
});
