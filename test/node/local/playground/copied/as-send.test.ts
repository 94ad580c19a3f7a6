import { expect, it } from "vitest";
import type { Simulator } from "../../../../../local/discord/index.ts";
import { createSeededWorld } from "../../../../../local/discord/world/seed.ts";
import { asSend } from "../../../../../local/playground/server/copied/as-send.ts";
import type { Step } from "../../../../../local/playground/server/copied/chain.ts";
import { expectationsOf } from "../../../../../local/playground/server/copied/expectations.ts";
import type { Exchange } from "../../../../../local/playground/server/exchanges.ts";
import { ada, general, linus } from "../support.ts";

const world = createSeededWorld();
world.privateTo.set("private", ada);
const simulator = { world, message: () => undefined } as unknown as Simulator;

function send(
  kind: string,
  data: object,
  { person = ada, channelId = general, message = {}, parent = undefined as object | undefined } = {},
) {
  const exchange = { view: { kind, person: { id: person }, channelId }, payload: { data, message } };
  const step = parent && { record: { answer: { kind: "modal", modal: parent } } };
  return asSend(simulator, exchange as unknown as Exchange, step as unknown as Step | undefined);
}

const option = (name: string, value: unknown, more: object = {}) => ({ name, type: 3, value, ...more });

it.each<[string, string | undefined, () => string | undefined]>([
  ["a command", "npm run send -- '/ping'", () => send("command", { name: "ping" })],
  [
    "a command with an apostrophe",
    String.raw`npm run send -- '/remind about:it'\''s tea'`,
    () => send("command", { name: "remind", options: [option("about", "it's tea")] }),
  ],
  [
    "another person elsewhere",
    "npm run send -- '/ping' --as linus --in '#news'",
    () => send("command", { name: "ping" }, { person: linus, channelId: "1100000000000000112" }),
  ],
  [
    "the completion of an option",
    "npm run send -- '/help command:re' --complete",
    () => send("autocomplete", { name: "help", options: [option("command", "re", { focused: true })] }),
  ],
  [
    "a command of a person's menu",
    "npm run send -- --user-command 'Who is' --target linus",
    () => send("command", { type: 2, name: "Who is", target_id: linus }),
  ],
  [
    "a command of a message's menu",
    "npm run send -- --message-command Quote --on 55",
    () => send("command", { type: 3, name: "Quote", target_id: "55" }),
  ],
  ["the entry point", undefined, () => send("command", { type: 4, name: "launch" })],
  ["files", undefined, () => send("command", { name: "up", resolved: { attachments: { "1": {} } } })],
  ["a webhook event", undefined, () => send("event", {})],
  [
    "a click",
    "npm run send -- --click Go --on 55",
    () =>
      send(
        "component",
        { component_type: 2, custom_id: "go" },
        { message: { id: "55", components: [{ type: 1, components: [{ type: 2, custom_id: "go", label: "Go" }] }] } },
      ),
  ],
  [
    "a choice",
    "npm run send -- --select 'Red,Blue sky' --on 55",
    () =>
      send(
        "component",
        { component_type: 3, custom_id: "m", values: ["Red", "Blue sky"] },
        { message: { id: "55", components: [{ type: 3, custom_id: "m" }] } },
      ),
  ],
  [
    "a choice with a comma in it",
    undefined,
    () =>
      send(
        "component",
        { component_type: 3, custom_id: "m", values: ["Red, blue"] },
        { message: { id: "55", components: [{ type: 3, custom_id: "m" }] } },
      ),
  ],
  [
    "a choice in one of two menus",
    undefined,
    () =>
      send(
        "component",
        { component_type: 3, custom_id: "m", values: ["r"] },
        {
          message: {
            id: "55",
            components: [
              { type: 3, custom_id: "m" },
              { type: 3, custom_id: "n" },
            ],
          },
        },
      ),
  ],
  [
    "a form",
    String.raw`npm run send -- --submit 'answers=Pizza\nSushi' --submit several=true`,
    () =>
      send("form", {
        components: [
          { type: 4, custom_id: "answers", value: "Pizza\nSushi" },
          { type: 23, custom_id: "several", value: true },
        ],
      }),
  ],
  [
    "a form whose choice has a label",
    "npm run send -- --submit colour=Red",
    () =>
      send(
        "form",
        { components: [{ type: 21, custom_id: "colour", value: "r" }] },
        { parent: { components: [{ type: 21, custom_id: "colour", options: [{ label: "Red", value: "r" }] }] } },
      ),
  ],
  ["a form with a list", undefined, () => send("form", { components: [{ type: 3, custom_id: "m", values: ["r"] }] })],
  ["a form with files", undefined, () => send("form", { components: [{ type: 19, custom_id: "f", values: ["1"] }] })],
  [
    "a form with nothing chosen",
    undefined,
    () => send("form", { components: [{ type: 21, custom_id: "c", value: null }] }),
  ],
])("writes %s for the terminal", (_, line, write) => {
  expect(write()).toBe(line);
});

function expectations(answer: object, { problems = [] as string[], followUps = [] as string[] } = {}) {
  const step = { exchange: { view: { problems } }, record: { answer, followUps, userId: ada } };
  return expectationsOf(simulator, step as unknown as Step, "sim.command()");
}

const message = (content: string, more: object = {}) => ({
  kind: "message",
  message: {
    id: "1",
    channel_id: general,
    content,
    embeds: [],
    attachments: [],
    components: [],
    mentions: [],
    mention_roles: [],
    flags: 0,
    author: { id: "1" },
    ...more,
  },
});

it.each<[string, string[], () => string[]]>([
  [
    "no answer",
    ['await expect(sim.command()).rejects.toThrow("The application did not respond");'],
    () => expectations({ kind: "none" }),
  ],
  [
    "an answer that Discord refuses",
    ['await expect(sim.command()).rejects.toThrow("The application did not respond");'],
    () => expectations(message("hello"), { problems: ["late"] }),
  ],
  [
    "choices",
    ['expect(await sim.command()).toContain("Red");'],
    () => expectations({ kind: "choices", choices: [{ name: "Red" }, { name: "Blue" }] }),
  ],
  ["no choices", ["expect(await sim.command()).toEqual([]);"], () => expectations({ kind: "choices", choices: [] })],
  [
    "a form",
    ["const shown = await sim.command();", 'expect(shown.form).toEqual({"title":"Poll","fields":["Name","Old"]});'],
    () =>
      expectations({
        kind: "modal",
        modal: {
          title: "Poll",
          components: [
            { type: 18, label: "Name" },
            { type: 1, components: [{ type: 4, label: "Old" }] },
            { type: 10, label: "no" },
            { type: 4 },
          ],
        },
      }),
  ],
  [
    "no message",
    ["const shown = await sim.command();", 'expect(shown.raw.answer.kind).toBe("acknowledged");'],
    () => expectations({ kind: "acknowledged" }),
  ],
  [
    "a message, by its longest run of words that is the same every time",
    [
      "const shown = await sim.command();",
      'expect(shown.text).toContain("is what we have for lunch");',
      "expect(shown.isEphemeral).toBe(false);",
      "expect(shown.buttons).toEqual([]);",
    ],
    () => expectations(message("At 12:00 <t:5:R> this\nis what we have for lunch")),
  ],
  [
    "a private message with buttons",
    [
      "const shown = await sim.command();",
      'expect(shown.text).toContain("hello");',
      "expect(shown.isEphemeral).toBe(true);",
      'expect(shown.buttons).toEqual(["Go"]);',
    ],
    () =>
      expectations(
        message("hello", {
          id: "private",
          flags: 64,
          components: [
            {
              type: 1,
              components: [
                { type: 2, style: 1, custom_id: "a", label: "Go" },
                { type: 2, style: 1, custom_id: "b", label: "Off", disabled: true },
              ],
            },
          ],
        }),
      ),
  ],
  [
    "a message without words, whose buttons count",
    ["const shown = await sim.command();", "expect(shown.isEphemeral).toBe(false);"],
    () =>
      expectations(
        message("12", {
          components: [{ type: 1, components: [{ type: 2, style: 1, custom_id: "a", label: "Vote (3)" }] }],
        }),
      ),
  ],
])("expects of %s what it gave", (_, lines, read) => {
  expect(read()).toEqual(lines);
});
