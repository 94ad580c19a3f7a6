import { stripVTControlCharacters, styleText } from "node:util";
import { beforeEach, expect, it, vi } from "vitest";
import { renderMessage, type ShownMessage } from "../../../../local/render/message.ts";

// Colours are what is looked at here, wherever the tests run.
beforeEach(() => {
  vi.stubEnv("FORCE_COLOR", "1");
  vi.stubEnv("NO_COLOR", undefined);
  return () => vi.unstubAllEnvs();
});

const options = { names: { "1": "Ada", "2": "general", "3": "Sailors" }, now: 1_000_000_000 };
const shown = (message: ShownMessage) =>
  stripVTControlCharacters(renderMessage({ author: { username: "sandpiper" }, ...message }, options));

it("renders text with mentions, markup and times", () => {
  const content = "**Hi** <@1>, see <#2> and <@&3>: `0 9 * * *` *soft*\n> quoted\n-# <t:999940:R>, <t:1003600:R>";
  expect(shown({ content })).toMatchInlineSnapshot(`
    "sandpiper  APP 
      Hi @Ada, see #general and @Sailors: 0 9 * * * soft
      ▌ quoted
      1 minute ago, in 1 hour"
  `);
});

it("renders embeds, components, files, and who can see the message", () => {
  expect(
    shown({
      content: "Vote",
      flags: 64,
      edited_timestamp: "2026-01-01T00:00:00Z",
      embeds: [
        { title: "Tea?", description: "**Now**", fields: [{ name: "Yes", value: "3" }], footer: { text: "open" } },
      ],
      components: [
        {
          type: 1,
          components: [
            { type: 2, label: "Yes" },
            { type: 2, label: "No", disabled: true },
          ],
        },
        { type: 1, components: [{ type: 3, placeholder: "Pick one" }] },
        { type: 17, components: [{ type: 10, content: "text **inside**" }] },
      ],
      attachments: [{ filename: "a.txt", size: 4 }],
    }),
  ).toMatchInlineSnapshot(`
    "sandpiper  APP  (edited)
      Vote
      │ Tea?
      │ Now
      │ Yes
      │ 3
      │ open
      📎 a.txt (4 bytes)
       Yes    No 
      ▾ Pick one
      text inside
      👁  Only you can see this"
  `);
});

it.each<[string, ShownMessage, string]>([
  ["a display name before a user's name", { author: { username: "ada", global_name: "Ada" } }, "Ada  APP "],
  ["no author at all", { author: {} }, "Someone  APP "],
  ["a file of unknown size and name", { attachments: [{}] }, "sandpiper  APP \n  📎 file"],
  ["an empty file", { attachments: [{ filename: "a", size: 0 }] }, "sandpiper  APP \n  📎 a (0 bytes)"],
  ["an embed of a title alone", { embeds: [{ title: "T" }] }, "sandpiper  APP \n  │ T"],
  [
    "a button of an emoji",
    { components: [{ type: 1, components: [{ type: 2, emoji: { name: "🐦" } }] }] },
    "sandpiper  APP \n   🐦 ",
  ],
  ["a button of nothing", { components: [{ type: 1, components: [{ type: 2 }] }] }, "sandpiper  APP \n   • "],
  ...[3, 5, 6, 7, 8].map((type): [string, ShownMessage, string] => [
    `a menu of type ${type} without a placeholder`,
    { components: [{ type: 1, components: [{ type }] }] },
    "sandpiper  APP \n  ▾ Make a selection",
  ]),
  ["nothing of what it does not know", { components: [{ type: 1, components: [{ type: 4 }] }] }, "sandpiper  APP "],
  ["a separator", { components: [{ type: 14 }] }, "sandpiper  APP \n  ────"],
  ["an empty row", { components: [{ type: 1, components: [] }] }, "sandpiper  APP "],
  [
    "pictures of a gallery",
    { components: [{ type: 12, items: [{ media: { url: "a" } }, { media: { url: "b" } }] }] },
    "sandpiper  APP \n  🖼  a\n  🖼  b",
  ],
  [
    "a thumbnail beside text",
    {
      components: [{ type: 9, components: [{ type: 10, content: "t" }], accessory: { type: 11, media: { url: "a" } } }],
    },
    "sandpiper  APP \n  t\n  🖼  a",
  ],
  ["a file", { components: [{ type: 13, file: { url: "attachment://a" } }] }, "sandpiper  APP \n  🖼  attachment://a"],
  ["other flags", { flags: 4 }, "sandpiper  APP "],
])("renders %s", (_name, message, expected) => {
  expect(shown(message)).toBe(expected);
});

it("dims what cannot be pressed, what was edited, and who can see the message", () => {
  const styled = (message: ShownMessage) => renderMessage({ author: { username: "sandpiper" }, ...message }, options);
  const button = (disabled: boolean) => styled({ components: [{ type: 2, label: "A", disabled }] });
  expect(styleText("dim", "x")).not.toBe("x");
  expect(button(true)).toContain(styleText("dim", " A "));
  expect(button(false)).toContain(styleText("inverse", " A "));
  expect(styled({ flags: 64 })).toContain(styleText("dim", "👁  Only you can see this"));
  expect(styled({ edited_timestamp: "2026-01-01T00:00:00Z" })).toContain(styleText("dim", "(edited)"));
  const embed = styled({ embeds: [{ title: "T", fields: [{ name: "N", value: "V" }], footer: { text: "f" } }] });
  for (const part of [styleText("bold", "T"), styleText("bold", "N"), styleText("dim", "f"), styleText("blue", "│")])
    expect(embed).toContain(part);
  expect(styled({})).toBe(`${styleText("bold", "sandpiper")} ${styleText(["bgBlue", "white"], " APP ")}`);
});
