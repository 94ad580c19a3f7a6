import { expect, it } from "vitest";
import { checkChannel, checkPattern, isChannel, matchesChannel } from "../../../src/pubsub/channels.ts";
import { InvalidChannelError } from "../../../src/pubsub/index.ts";

it.each([
  ["guild.*", "guild.1", true],
  ["guild.*", "guild.", true],
  ["guild.*", "guild", false],
  ["*", "anything.at-all", true],
  ["*.1", "guild.1", true],
  ["a*b*c", "a.b.c", true],
  ["a*b*c", "a.c.b", false],
  ["a*b*c", "a.c", false],
  ["*a*", "abc", true],
  ["ab*ba", "aba", false],
  ["a*a*a", "aa", false],
  ["all", "all", true],
  ["all", "alle", false],
])("matches the pattern %s against the channel %s: %s", (pattern, channel, expected) => {
  expect(matchesChannel(pattern, channel)).toBe(expected);
});

it("takes names of 1 to 128 visible characters, and patterns of as many", () => {
  for (const name of ["a", "!~", "guild.1", "x".repeat(128)]) {
    expect([isChannel(name), checkChannel(name), checkPattern(name)]).toEqual([true, name, name]);
  }
  for (const name of ["", "x".repeat(129), "a b", "a\n", "a\u007f", "\u00e4", "*", "guild.*"]) {
    expect([name, isChannel(name)]).toEqual([name, false]);
    expect(() => checkChannel(name)).toThrow(InvalidChannelError);
    if (!name.includes("*")) expect(() => checkPattern(name)).toThrow(InvalidChannelError);
  }
  expect(checkPattern("*".repeat(128))).toHaveLength(128);
});
