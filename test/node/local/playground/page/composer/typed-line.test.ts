import { expect, it } from "vitest";
import { leavesOf } from "../../../../../../local/playground/page/composer/leaves.ts";
import { readTypedLine } from "../../../../../../local/playground/page/composer/typed-line.ts";

const option = (name: string, type: number, more: object = {}) => ({ name, type, description: "x", ...more });
const leaves = leavesOf([
  { id: "1", type: 1, name: "hello", description: "x", options: [option("to", 6)] },
  {
    id: "2",
    type: 1,
    name: "remind",
    description: "x",
    options: [
      option("me", 1, {
        options: [
          option("about", 3, { required: true }),
          option("in", 3, { required: true }),
          option("every", 3),
          option("file", 11),
        ],
      }),
    ],
  },
] as never);

it.each<[string, string, Record<string, string>, string[]]>([
  ["/hello to:linus", "hello", { to: "linus" }, ["to"]],
  ["/hello   to: linus ", "hello", { to: "linus" }, ["to"]],
  ["/remind me about:Tea and cake in:2h", "remind me", { about: "Tea and cake", in: "2h" }, []],
  [
    "/remind me in:2h every:1d about:at 9:30, in: time",
    "remind me",
    { in: "time", every: "1d", about: "at 9:30," },
    ["every"],
  ],
  ["/remind me about:http://tea.example:80", "remind me", { about: "http://tea.example:80" }, []],
  ["/remind me about:", "remind me", { about: "" }, []],
  ["/remind me about:a\nb", "remind me", { about: "a\nb" }, []],
])("reads the command and the options of %j", (line, name, texts, added) => {
  const read = readTypedLine(line, leaves);
  expect(read?.leaf.name).toBe(name);
  expect(Object.fromEntries(Object.entries(read?.entries ?? {}).map(([of, { text }]) => [of, text]))).toEqual(texts);
  expect(read?.added).toEqual(added);
});

it.each([
  "/hello",
  "/hello ",
  "/hello you",
  "/hello you to:linus",
  "/hello from:linus",
  "/remind about:tea",
  "/r me",
  "hello to:linus",
  "/remind me file:a.txt",
])("leaves %j to the search", (line) => expect(readTypedLine(line, leaves)).toBeUndefined());
