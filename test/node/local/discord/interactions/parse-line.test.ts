import { describe, expect, it } from "vitest";
import { parseLine } from "../../../../../local/discord/interactions/parse-line.ts";
import { says, startBot } from "../support.ts";

async function parse(line: string) {
  const { simulator } = await startBot(says("x"));
  const guild = simulator.world.guilds.get("1100000000000000100");
  return parseLine(line, simulator.commands(), { world: simulator.world, guild }).options;
}

it.each([
  ["/ping", []],
  [
    "/remind me in:10m about:a cup of tea",
    [
      ["in", "10m"],
      ["about", "a cup of tea"],
    ],
  ],
  [
    '/remind me about:"in:quotes stay" in:5',
    [
      ["in", "5"],
      ["about", "in:quotes stay"],
    ],
  ],
  [
    "/show count:-3 ratio:0.5 loud:TRUE",
    [
      ["count", -3],
      ["ratio", 0.5],
      ["loud", true],
    ],
  ],
  [
    "/show who:@Ada where:#general role:@Sailors",
    [
      ["who", "1100000000000000011"],
      ["where", "1100000000000000111"],
      ["role", "1100000000000000102"],
    ],
  ],
  [
    "/show who:<@1100000000000000012> any:1100000000000000101",
    [
      ["who", "1100000000000000012"],
      ["any", "1100000000000000101"],
    ],
  ],
  ["/show colour:Red", [["colour", "#f00"]]],
  [" /ping ", []],
  [
    "/remind me\tin:5\nabout:a\nb",
    [
      ["in", "5"],
      ["about", "a\nb"],
    ],
  ],
  ['/remind me in:"say \\"hi\\""', [["in", 'say "hi"']]],
  ['/remind me in:"10"m', [["in", '"10"m']]],
  ['/remind me in:""', [["in", ""]]],
  [
    "/remind me in: about:x",
    [
      ["in", ""],
      ["about", "x"],
    ],
  ],
  ["/remind me in:a in:b", [["in", "b"]]],
])("reads the line %s", async (line, expected) => {
  const options = await parse(line);
  const leaves = options.flatMap((option) => ("options" in option ? (option.options ?? []) : [option]));
  const pairs = leaves.map((leaf) => [leaf.name, "value" in leaf ? leaf.value : undefined]);
  expect(Object.fromEntries(pairs)).toEqual(Object.fromEntries(expected));
});

describe("a line that no command accepts", () => {
  it.each([
    ["ping", 'A command begins with a slash, such as "/ping".'],
    ["/pong", "There is no command /pong. Registered: /ping, /remind, /show."],
    ["/remind", "/remind needs a subcommand. It has: me."],
    ["/remind me about:tea", '/remind me needs the option "in"'],
    ["/ping now", '/ping has no options: leave out "now".'],
    ["/ping :now", '/ping has no options: leave out ":now".'],
    ["/remind me now", '/remind me has no option for "now". It has: in, about.'],
    ["/show count:many", 'The option "count" takes a whole number, not "many".'],
    ["/show ratio:", 'The option "ratio" takes a number, not "".'],
    ["/show loud:maybe", 'takes true or false, not "maybe"'],
    ["/show who:@nobody", 'takes a user, as @name or an ID, not "@nobody"'],
    ["/show who:1999999999999999999", 'The option "who" takes an existing ID, not "1999999999999999999".'],
    ["/show colour:Blue", 'takes one of: Red, not "Blue"'],
    ["/", 'A command begins with a slash, such as "/ping".'],
    ["/remind you", "/remind needs a subcommand. It has: me."],
  ])("refuses %s and says what is right", async (line, words) => {
    await expect(parse(line)).rejects.toThrow(words);
  });
});

const text = { type: 3, description: "x" };
const group = {
  name: "deep",
  description: "x",
  type: 1,
  options: [
    {
      type: 2,
      name: "down",
      description: "x",
      options: [
        { type: 1, name: "under", description: "x", options: [{ ...text, name: "what" }] },
        { type: 1, name: "bare", description: "x" },
      ],
    },
  ],
};
const find = {
  name: "find",
  description: "x",
  type: 1,
  options: [
    { ...text, type: 4, name: "count", autocomplete: true },
    { ...text, name: "what", autocomplete: true },
    { ...text, name: "plain" },
  ],
};
const upload = {
  name: "upload",
  description: "x",
  type: 1,
  options: [
    { ...text, type: 11, name: "file", required: true },
    { ...text, name: "about" },
  ],
};
const menu = { name: "find", type: 2 };

/** Reads a line of these commands: its options, or the sentence that says why not. */
async function read(line: string, more: object = {}): Promise<unknown> {
  const { simulator } = await startBot(says("x"));
  const commands = [menu, group, find, upload] as never[];
  try {
    return parseLine(line, commands, { world: simulator.world, guild: undefined, ...more }).options;
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

it("reads subcommands in groups, with and without options", async () => {
  expect(await read("/deep down under what:x")).toEqual([
    { name: "down", type: 2, options: [{ name: "under", type: 1, options: [{ name: "what", type: 3, value: "x" }] }] },
  ]);
  expect(await read("/deep down bare")).toEqual([
    { name: "down", type: 2, options: [{ name: "bare", type: 1, options: [] }] },
  ]);
  expect(await read("/deep down")).toBe("/deep down needs a subcommand. It has: under, bare.");
  expect(await read("/deep down bare x")).toBe('/deep down bare has no options: leave out "x".');
});

it("reads a line that is being typed: the last option as text, those before it by their types", async () => {
  const isTyping = { isTyping: true };
  expect(await read("/find what:a count:many", isTyping)).toEqual([
    { name: "what", type: 3, value: "a" },
    { name: "count", type: 4, value: "many", focused: true },
  ]);
  expect(await read("/find count:3 what:", isTyping)).toEqual([
    { name: "count", type: 4, value: 3 },
    { name: "what", type: 3, value: "", focused: true },
  ]);
  expect(await read("/find count:many what:x", isTyping)).toContain("takes a whole number");
  expect(await read("/find what:x plain:y", isTyping)).toBe('The option "plain" of /find has no autocomplete.');
  expect(await read("/find", isTyping)).toBe("The line ends without an option to complete, as in: /find name:text");
  expect(await read("/upload about:x", isTyping)).toBe('The option "about" of /upload has no autocomplete.');
});

it("takes a file by its option, in place of text", async () => {
  const file = { id: "9", filename: "a.txt" };
  expect(await read("/upload about:x", { attachments: { file } })).toEqual([
    { name: "file", type: 11, value: "9" },
    { name: "about", type: 3, value: "x" },
  ]);
  for (const name of ["about", "other"])
    expect(await read("/upload", { attachments: { [name]: file } })).toBe(
      `/upload has no option "${name}" that takes a file.`,
    );
  expect(await read("/upload about:x")).toBe('/upload needs the option "file", as in: /upload file:…');
  expect(await read("/upload file:x")).toContain('"file" takes a file');
});
