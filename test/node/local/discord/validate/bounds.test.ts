import { describe, expect, it } from "vitest";
import { DiscordError, type FieldError } from "../../../../../local/discord/errors.ts";
import { checkDeclaration } from "../../../../../local/discord/rest/command-rules.ts";
import type { Fields } from "../../../../../local/discord/validate/checks.ts";
import { checkChoices } from "../../../../../local/discord/validate/choices.ts";
import { checkWhole } from "../../../../../local/discord/validate/message.ts";
import {
  button,
  embed,
  input,
  inV2,
  label,
  many,
  modalOf,
  ofMessage,
  ofModal,
  poll,
  rowOf,
  select,
  text,
} from "./support.ts";

// Each limit from both sides: what is at it is taken, one more is refused.

/** Returns whether a check refuses nothing of a body. */
function takes(check: (body: unknown) => readonly FieldError[], body: unknown): boolean {
  try {
    return check(body).length === 0;
  } catch (error) {
    if (error instanceof DiscordError) return false;
    throw error;
  }
}

const ofCommand = (body: unknown) => checkDeclaration(body);
const ofChoices = (body: unknown) => checkChoices(body, "data", 3);

const modal = (more: object = {}) => ({ ...modalOf(label(input())), ...more });
const command = (more: object = {}) => ({ name: "ok", description: "Fine", ...more });
const option = (more: object = {}) => ({ type: 3, name: "text", description: "Words", ...more });

describe("a text counts in characters, not in UTF-16 units,", () => {
  it.each<[string, number, (body: unknown) => readonly FieldError[], (text: string) => unknown]>([
    ["content", 2_000, ofMessage, (content) => ({ content })],
    ["an embed's title", 256, ofMessage, (title) => embed({ title })],
    ["an embed's description", 4_096, ofMessage, (description) => embed({ description })],
    ["an embed's footer", 2_048, ofMessage, (text) => embed({ footer: { text } })],
    ["an embed's author", 256, ofMessage, (name) => embed({ author: { name } })],
    ["an embed field's name", 256, ofMessage, (name) => embed({ fields: [{ name, value: "v" }] })],
    ["an embed field's value", 1_024, ofMessage, (value) => embed({ fields: [{ name: "n", value }] })],
    [
      "embeds together",
      6_000,
      ofMessage,
      (all) => ({
        embeds: [{ description: all.slice(0, all.length / 2) }, { description: all.slice(all.length / 2) }],
      }),
    ],
    ["a button's label", 80, ofMessage, (label) => rowOf(button({ label }))],
    ["a custom_id", 100, ofMessage, (custom_id) => rowOf(button({ custom_id }))],
    ["a menu's placeholder", 150, ofMessage, (placeholder) => rowOf(select({ placeholder }))],
    ["an option's label", 100, ofMessage, (label) => rowOf(select({ options: [{ label, value: "a" }] }))],
    ["an option's value", 100, ofMessage, (value) => rowOf(select({ options: [{ label: "A", value }] }))],
    [
      "an option's description",
      100,
      ofMessage,
      (description) => rowOf(select({ options: [{ label: "A", value: "a", description }] })),
    ],
    ["a text component", 4_000, ofMessage, (content) => inV2(text(content))],
    [
      "text components together",
      4_000,
      ofMessage,
      (all) => inV2(text(all.slice(0, all.length / 2)), text(all.slice(all.length / 2))),
    ],
    ["a poll's question", 300, ofMessage, (text) => poll({ question: { text } })],
    ["a poll's answer", 55, ofMessage, (text) => poll({ answers: [{ poll_media: { text } }] })],
    ["a form's title", 45, ofModal, (title) => modal({ title })],
    ["a form's custom_id", 100, ofModal, (custom_id) => modal({ custom_id })],
    ["a field's label", 45, ofModal, (text) => modal({ components: [label(input(), { label: text })] })],
    ["a field's description", 100, ofModal, (description) => modal({ components: [label(input(), { description })] })],
    ["a field's value", 4_000, ofModal, (value) => modal({ components: [label(input({ value }))] })],
    ["a field's placeholder", 100, ofModal, (placeholder) => modal({ components: [label(input({ placeholder }))] })],
    ["a suggestion's name", 100, ofChoices, (name) => ({ choices: [{ name, value: "v" }] })],
    ["a suggestion's value", 100, ofChoices, (value) => ({ choices: [{ name: "n", value }] })],
    ["a command's description", 100, ofCommand, (description) => command({ description })],
    ["an option's description", 100, ofCommand, (description) => command({ options: [option({ description })] })],
    ["a choice's name", 100, ofCommand, (name) => command({ options: [option({ choices: [{ name, value: "v" }] })] })],
    [
      "a choice's value",
      100,
      ofCommand,
      (value) => command({ options: [option({ choices: [{ name: "n", value }] })] }),
    ],
    ["a context menu's name", 32, ofCommand, (name) => ({ type: 2, name })],
  ])("and %s has at most %i", (_name, limit, check, make) => {
    for (const letter of ["x", "🦀"]) {
      expect(takes(check, make(letter.repeat(limit))), letter).toBe(true);
      // Halves of a surrogate pair would be two characters.
      const over = letter.repeat(limit + (limit % 2 === 0 ? 2 : 1));
      expect(takes(check, make(over)), letter).toBe(false);
    }
    expect(takes(check, make("x".repeat(limit + 1)))).toBe(false);
  });

  it("and a command's name has at most 32", () => {
    for (const name of ["x".repeat(32), "ä".repeat(32)]) expect(takes(ofCommand, command({ name }))).toBe(true);
    expect(takes(ofCommand, command({ name: "x".repeat(33) }))).toBe(false);
    expect(takes(ofCommand, command({ options: [option({ name: "x".repeat(32) })] }))).toBe(true);
    expect(takes(ofCommand, command({ options: [option({ name: "x".repeat(33) })] }))).toBe(false);
  });
});

it("a message takes ten files, and no more", () => {
  const file = (index: number) => ({ filename: `${index}.txt` });
  const withFiles = (count: number) =>
    takes((whole) => (checkWhole(whole as Fields), []), { content: "x", attachments: many(count, file) });
  expect([withFiles(10), withFiles(11)]).toEqual([true, false]);
  const listed = (count: number) => ({ attachments: many(count, (index) => ({ id: String(index), filename: "a" })) });
  expect([takes(ofMessage, listed(10)), takes(ofMessage, listed(11))]).toEqual([true, false]);
});

describe("a message, a form or a command takes", () => {
  it.each<[number, string, (body: unknown) => readonly FieldError[], (count: number) => unknown]>([
    [10, "embeds", ofMessage, (n) => ({ embeds: many(n, () => ({ title: "T" })) })],
    [25, "fields in an embed", ofMessage, (n) => embed({ fields: many(n, () => ({ name: "n", value: "v" })) })],
    [
      5,
      "rows",
      ofMessage,
      (n) => ({ components: many(n, (at) => ({ type: 1, components: [button({ custom_id: `b${at}` })] })) }),
    ],
    [5, "buttons in a row", ofMessage, (n) => rowOf(...many(n, (at) => button({ custom_id: `b${at}` })))],
    [
      25,
      "options in a menu",
      ofMessage,
      (n) => rowOf(select({ options: many(n, (at) => ({ label: "l", value: `${at}` })) })),
    ],
    [40, "components side by side", ofMessage, (n) => inV2(...many(n, () => text("t")))],
    [
      40,
      "components in one another",
      ofMessage,
      (n) => inV2(...[20, n - 20].map((count) => ({ type: 17, components: many(count - 1, () => text("t")) }))),
    ],
    [
      3,
      "texts in a section",
      ofMessage,
      (n) => inV2({ type: 9, components: many(n, () => text()), accessory: button() }),
    ],
    [
      10,
      "pictures in a gallery",
      ofMessage,
      (n) => inV2({ type: 12, items: many(n, () => ({ media: { url: "https://x.test/a.png" } })) }),
    ],
    [100, "people to mention", ofMessage, (n) => ({ content: "x", allowed_mentions: { users: many(n, String) } })],
    [100, "roles to mention", ofMessage, (n) => ({ content: "x", allowed_mentions: { roles: many(n, String) } })],
    [10, "answers to a poll", ofMessage, (n) => poll({ answers: many(n, () => ({ poll_media: { text: "a" } })) })],
    [768, "hours of a poll", ofMessage, (duration) => poll({ duration })],
    [0xff_ff_ff, "as an embed's colour", ofMessage, (color) => embed({ color })],
    [
      0xff_ff_ff,
      "as a box's colour",
      ofMessage,
      (accent_color) => inV2({ type: 17, accent_color, components: [text()] }),
    ],
    [25, "as a menu's most choices", ofMessage, (max_values) => rowOf({ type: 5, custom_id: "u", max_values })],
    [
      5,
      "fields in a form",
      ofModal,
      (n) => modal({ components: many(n, (at) => label(input({ custom_id: `i${at}` }))) }),
    ],
    [
      10,
      "files in a form",
      ofModal,
      (max_values) => modal({ components: [label({ type: 19, custom_id: "f", max_values })] }),
    ],
    [25, "suggestions", ofChoices, (n) => ({ choices: many(n, (at) => ({ name: "n", value: `${at}` })) })],
    [25, "options", ofCommand, (n) => command({ options: many(n, (at) => option({ name: `o${at}` })) })],
    [
      25,
      "choices",
      ofCommand,
      (n) => command({ options: [option({ choices: many(n, (at) => ({ name: `${at}`, value: `${at}` })) })] }),
    ],
    [6_000, "as an option's longest text", ofCommand, (max_length) => command({ options: [option({ max_length })] })],
  ])("%i %s, and no more", (limit, _what, check, make) => {
    expect(takes(check, make(limit))).toBe(true);
    expect(takes(check, make(limit + 1))).toBe(false);
  });
});
