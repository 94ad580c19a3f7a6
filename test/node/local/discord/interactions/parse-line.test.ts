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
    ["/remind me now", '/remind me has no option for "now". It has: in, about.'],
    ["/show count:many", 'The option "count" takes a whole number, not "many".'],
    ["/show ratio:", 'The option "ratio" takes a number, not "".'],
    ["/show loud:maybe", 'takes true or false, not "maybe"'],
    ["/show who:@nobody", 'takes a user, as @name or an ID, not "@nobody"'],
    ["/show who:1999999999999999999", 'The option "who" takes an existing ID, not "1999999999999999999".'],
    ["/show colour:Blue", 'takes one of: Red, not "Blue"'],
  ])("refuses %s and says what is right", async (line, words) => {
    await expect(parse(line)).rejects.toThrow(words);
  });
});
