import { expect, it } from "vitest";
import { isId, readAct, readAgain, readControl } from "../../../../local/playground/server/act-schema.ts";

const id = "11000000000000001";
const many = (count: number, one: unknown) => Array.from({ length: count }, () => one);
const text = (length: number) => "x".repeat(length);
const command = (options: unknown) => ({ do: "command", commandId: id, options });
const option = (more: object = {}) => ({ name: "a", type: 3, ...more });
const nested = (depth: number): object => option({ type: 1, ...(depth > 0 && { options: [nested(depth - 1)] }) });

it.each<[string, boolean]>([
  ["1".repeat(16), false],
  ["1".repeat(17), true],
  ["1".repeat(20), true],
  ["1".repeat(21), false],
  [`${id}x`, false],
])("takes %s for an ID: %s", (one, isOne) => {
  expect(isId(one)).toBe(isOne);
});

it("takes nothing for no ID", () => {
  expect(isId(undefined)).toBe(false);
});

it.each<[string, unknown, unknown]>([
  ["options of a command", command(many(25, option())), command(many(26, option()))],
  ["the levels of options", command([nested(2)]), command([nested(3)])],
  [
    "options of an option",
    command([option({ options: many(25, option()) })]),
    command([option({ options: many(26, option()) })]),
  ],
  ["the name of an option", command([option({ name: text(100) })]), command([option({ name: text(101) })])],
  ["the least type", command([option({ type: 1 })]), command([option({ type: 0 })])],
  ["the last type", command([option({ type: 11 })]), command([option({ type: 12 })])],
  ["a whole type", command([option({ type: 3 })]), command([option({ type: 3.5 })])],
  ["a text as value", command([option({ value: text(6_000) })]), command([option({ value: text(6_001) })])],
  ["a number as value", command([option({ value: 1.5 })]), command([option({ value: Infinity })])],
  ["a choice as value", command([option({ value: true, focused: true })]), command([option({ value: null })])],
  ["fields that are known", command([option()]), command([option({ more: 1 })])],
  ["a completion", { ...command([]), do: "complete" }, { do: "complete", commandId: id }],
  [
    "a person's menu",
    { do: "user-command", commandId: id, target: id },
    { do: "user-command", commandId: id, target: "ada" },
  ],
  ["a message's menu", { do: "message-command", commandId: id, target: id }, { do: "message-command", commandId: id }],
  ["a click", { do: "click", messageId: id, customId: text(100) }, { do: "click", messageId: id, customId: text(101) }],
  [
    "choices",
    { do: "select", messageId: id, customId: "a", values: many(25, text(200)) },
    { do: "select", messageId: id, customId: "a", values: many(26, "x") },
  ],
  [
    "a choice",
    { do: "select", messageId: id, customId: "a", values: [text(200)] },
    { do: "select", messageId: id, customId: "a", values: [text(201)] },
  ],
  [
    "a field of a form",
    { do: "submit", token: text(300), fields: { a: text(4_000), b: true, c: null, d: ["x"] } },
    { do: "submit", token: "t", fields: { a: text(4_001) } },
  ],
  ["a token", { do: "submit", token: text(300), fields: {} }, { do: "submit", token: text(301), fields: {} }],
  [
    "the ID of a field",
    { do: "submit", token: "t", fields: { [text(100)]: "" } },
    { do: "submit", token: "t", fields: { [text(101)]: "" } },
  ],
  ["a message", { do: "say", text: text(6_000) }, { do: "say", text: text(6_001) }],
  ["a vote", { do: "vote", messageId: id, answers: many(10, 1) }, { do: "vote", messageId: id, answers: many(11, 1) }],
  ["whole answers", { do: "vote", messageId: id, answers: [1] }, { do: "vote", messageId: id, answers: [1.5] }],
  ["a message to dismiss", { do: "dismiss", messageId: id }, { do: "dismiss", messageId: "x" }],
  ["a channel to read", { do: "read", channelId: id }, { do: "read", channelId: "general" }],
  ["an event", { do: "event", type: "ENTITLEMENT_CREATE" }, { do: "event", type: "ENTITLEMENT_DELETE" }],
])("takes %s as it may be, and no further", (_, right, wrong) => {
  expect(readAct(right)).toEqual(right);
  expect(() => readAct(wrong)).toThrow(expect.objectContaining({ name: "LineError" }));
});

it.each<[unknown, unknown]>([
  [
    { how: "times-20", body: text(1_048_576) },
    { how: "times-20", body: text(1_048_577) },
  ],
  [{ how: "same-id" }, { how: "times-21" }],
  [{ how: "stale-timestamp" }, { how: "new-id", more: 1 }],
])("takes a way to send again as it may be, and no further", (right, wrong) => {
  expect(readAgain(right)).toEqual(right);
  expect(() => readAgain(wrong)).toThrow();
});

const pictures = (host: string) => ({ do: "pictures", host, isOn: true });

it.each<[unknown, unknown]>([
  [
    { do: "move", byMs: 0 },
    { do: "move", byMs: -1 },
  ],
  [
    { do: "move", byMs: 31 * 86_400_000 },
    { do: "move", byMs: 31 * 86_400_000 + 1 },
  ],
  [
    { do: "move", byMs: 1 },
    { do: "move", byMs: 1.5 },
  ],
  [{ do: "cron" }, { do: "cron", at: 5 }],
  [{ do: "to-next-job" }, { do: "next-job" }],
  [
    { do: "fault", name: "discord-429", isOn: true },
    { do: "fault", name: "discord-430", isOn: true },
  ],
  [pictures("a.example.com:8080"), pictures("a.example.com:808080")],
  [pictures("a"), pictures("")],
  [pictures("xn--a.test"), pictures("-a.test")],
  [pictures("127.0.0.1"), pictures("a.test; script-src *")],
  [pictures("a.test"), pictures("A.test")],
  [pictures(text(253)), pictures(text(254))],
])("takes the control %j, and not %j", (right, wrong) => {
  expect(readControl(right)).toEqual(right);
  expect(() => readControl(wrong)).toThrow();
});

it("names the first wrong field, in a sentence that is not too long", () => {
  expect(() => readAct(command([option({ type: "x" })]))).toThrow(/^options\.0\.type: /);
  expect(() => readAct(5)).toThrow(/^The body: /);
  const long = () => readAct({ do: text(5_000) });
  expect(long).toThrow(/^do: /);
  expect(long).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{300,304}$/s) }));
});
