import { expect, it } from "vitest";
import { UsageError } from "../../../../local/command-line.ts";
import { type ActionValues, readAction } from "../../../../local/send/action.ts";

it.each<[ActionValues, string, object]>([
  [{}, "/ping", { line: "/ping" }],
  [{ complete: true }, "/help command:p", { complete: "/help command:p" }],
  [{ click: "Pizza" }, "", { click: "Pizza" }],
  [{ click: "Pizza", on: "12" }, "", { click: "Pizza", on: "12" }],
  [{ select: "Red,Green" }, "", { select: ["Red", "Green"] }],
  [{ select: "" }, "", { select: [] }],
  [
    { submit: ["Question=a=b?", String.raw`Answers=Yes\nNo`] },
    "",
    { submit: { Question: "a=b?", Answers: "Yes\nNo" } },
  ],
  [{ "user-command": "Who is", target: "linus" }, "", { userCommand: "Who is", target: "linus" }],
  [{ "message-command": "Quote", on: "12" }, "", { messageCommand: "Quote", on: "12" }],
])("reads %j with the line %j as one action", (values, line, order) => {
  // As it is sent.
  expect(JSON.parse(JSON.stringify(readAction(values, line)))).toEqual(order);
});

it.each<[ActionValues, string, string]>([
  [{}, "", "There is nothing to send. Try: npm run send -- '/ping'"],
  [{ click: "Yes" }, "/ping", 'One action at a time, not "/ping" and --click.'],
  [{ click: "Yes", select: "No" }, "", "One action at a time, not --click and --select."],
  [{ complete: true }, "", "--complete needs a line, such as"],
  [{ complete: true, click: "Yes" }, "", "--complete needs a line, such as"],
  [{ target: "ada" }, "/ping", "--target needs --user-command."],
  [{ on: "12" }, "/ping", "--on needs --click, --select, or --message-command."],
  [{ submit: ["Question"] }, "", "--submit takes a field and its text, such as 'Question=Lunch?', not \"Question\"."],
  [{ file: "missing.json" }, "", "--file takes a JSON file, and missing.json cannot be read as one: ENOENT"],
  [{ file: "wrangler.toml" }, "", "--file takes a JSON file, and wrangler.toml cannot be read as one: "],
])("refuses %j with the line %j in a sentence", (values, line, sentence) => {
  expect(() => readAction(values, line)).toThrow(UsageError);
  expect(() => readAction(values, line)).toThrow(sentence);
});
