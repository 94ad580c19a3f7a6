import type { APIApplicationCommandOption } from "discord-api-types/v10";
import { expect, it } from "vitest";
import { readValue } from "../../../../../local/discord/interactions/read-value.ts";
import { ada, general, mei, moderators, news, sailors, startWorld } from "./support.ts";

/** Reads a text as the value of an option: the value, or the sentence that says why not. */
function read(option: object, text: string): unknown {
  const { where } = startWorld();
  const attachments = { o: { id: "9", filename: "a.PNG" } as never };
  try {
    return readValue(text, { name: "o", description: "x", ...option } as unknown as APIApplicationCommandOption, {
      ...where,
      attachments,
    });
  } catch (error) {
    return error instanceof Error ? error.message.replace('The option "o" takes ', "") : error;
  }
}

const safe = Number.MAX_SAFE_INTEGER;
const choices = [
  { name: "Red", value: 1 },
  { name: "Blue", value: 2 },
];

it.each<[number, object, string, unknown]>([
  [3, {}, "", ""],
  [3, {}, "x".repeat(6_000), "x".repeat(6_000)],
  [3, {}, "x".repeat(6_001), `0 to 6000 characters, not "${"x".repeat(6_001)}".`],
  [3, { min_length: 2 }, "x", '2 to 6000 characters, not "x".'],
  [3, { min_length: 2 }, "🦀🦀", "🦀🦀"],
  [3, { max_length: 2 }, "abc", '0 to 2 characters, not "abc".'],
  [3, { max_length: 2 }, "🦀🦀", "🦀🦀"],
  [3, { choices: [] }, "x", "x"],
  [4, { choices }, "Blue", 2],
  [4, { choices }, "1", 1],
  [4, { choices }, "3", 'one of: Red, Blue, not "3".'],
  [4, {}, "-12", -12],
  [4, {}, "1.5", 'a whole number, not "1.5".'],
  [4, {}, "", 'a whole number, not "".'],
  [4, {}, "1x", 'a whole number, not "1x".'],
  [4, {}, `${safe}`, safe],
  [4, {}, `-${safe}`, -safe],
  [4, {}, `${safe + 1}`, `a number within ±2^53, not "${safe + 1}".`],
  [4, {}, `-${safe + 1}`, `a number within ±2^53, not "-${safe + 1}".`],
  [10, {}, "1.5", 1.5],
  [10, {}, "", 'a number, not "".'],
  [10, {}, "Infinity", 'a number, not "Infinity".'],
  [10, { min_value: 2 }, "2", 2],
  [10, { min_value: 2 }, "1.9", '2 or more, not "1.9".'],
  [10, { max_value: 2 }, "2", 2],
  [10, { max_value: 2 }, "2.1", '2 or less, not "2.1".'],
  [5, {}, "TRUE", true],
  [5, {}, "false", false],
  [5, {}, "truest", 'true or false, not "truest".'],
  [11, {}, "9", "9"],
  [11, { file_types: ["image"] }, "9", "9"],
  [11, { file_types: [".pdf"] }, "9", "a.PNG cannot be attached here. Accepted: .pdf."],
  [6, {}, "@Ada", ada],
  [6, {}, "@Sailors", 'a user, as @name or an ID, not "@Sailors".'],
  [6, {}, `<@!${mei}>`, mei],
  [6, {}, "1999999999999999999", 'an existing ID, not "1999999999999999999".'],
  [7, {}, "#general", general],
  [7, {}, "@ada", 'a channel, as #name or an ID, not "@ada".'],
  [7, { channel_types: [5] }, "#news", news],
  [7, { channel_types: [] }, "#news", news],
  [7, { channel_types: [5] }, "#general", 'another type of channel, not "#general".'],
  [8, {}, "@sailors", sailors],
  [8, {}, "@ada", 'a role, as @name or an ID, not "@ada".'],
  [9, {}, "@moderators", moderators],
  [9, {}, "@ada", ada],
  [9, {}, "@x", 'a user or role, as @name or an ID, not "@x".'],
])("of an option of type %i with %j reads %s", (type, more, text, expected) => {
  expect(read({ type, ...more }, text)).toEqual(expected);
});

it("takes no text for a file", () => {
  const { where } = startWorld();
  const option = { name: "o", description: "x", type: 11 } as APIApplicationCommandOption;
  expect(() => readValue("a", option, where)).toThrow('The option "o" takes a file, not text, not "a".');
});
