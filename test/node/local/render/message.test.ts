import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { renderMessage, type ShownMessage } from "../../../../local/render/message.ts";

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
