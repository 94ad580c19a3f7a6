import { expect, it } from "vitest";
import { usageOf } from "../../../../../local/discord/index.ts";

const row = { type: 1, components: [{ type: 2, style: 1, label: "Go", custom_id: "g" }] };
const texts = { type: 17, components: ["one", "🦀🦀"].map((content) => ({ type: 10, content })) };

it.each<[string, unknown, [name: string, used: number, max: number][]]>([
  ["nothing", undefined, []],
  ["a list", [row], []],
  ["an empty message", {}, [["Characters", 0, 2_000]]],
  ["a text, in characters", { content: " 🦀🦀 " }, [["Characters", 2, 2_000]]],
  ["a text that is none", { content: 5 }, [["Characters", 0, 2_000]]],
  ["no rows", { content: "x", components: [], embeds: [] }, [["Characters", 1, 2_000]]],
  [
    "one row",
    { components: [row] },
    [
      ["Characters", 0, 2_000],
      ["Rows", 1, 5],
    ],
  ],
  [
    "embeds and rows",
    {
      content: "x",
      embeds: [{ title: "ab" }, { description: "c", footer: { text: "de" } }, 5],
      components: [row, row],
    },
    [
      ["Characters", 1, 2_000],
      ["Embeds", 2, 10],
      ["Characters in embeds", 5, 6_000],
      ["Rows", 2, 5],
    ],
  ],
  [
    "one embed",
    { embeds: [{ title: "ab" }] },
    [
      ["Characters", 0, 2_000],
      ["Embeds", 1, 10],
      ["Characters in embeds", 2, 6_000],
    ],
  ],
  [
    "components V2, nested ones too",
    { flags: 32_768 | 64, content: "x", components: [texts, row] },
    [
      ["Components", 5, 40],
      ["Characters", 5, 4_000],
    ],
  ],
  [
    "other flags",
    { flags: 64, components: [texts] },
    [
      ["Characters", 0, 2_000],
      ["Rows", 1, 5],
    ],
  ],
  ["a form", { title: "T", custom_id: "f", components: [{ type: 18 }, { type: 18 }] }, [["Fields", 2, 5]]],
  ["a form without fields", { title: "T", custom_id: "f", components: "x" }, [["Fields", 0, 5]]],
  ["a title alone", { title: "T" }, [["Characters", 0, 2_000]]],
  ["a custom_id alone", { custom_id: "f" }, [["Characters", 0, 2_000]]],
])("says how much of the limits %s uses", (_name, data, expected) => {
  expect(usageOf(data)).toEqual(expected.map(([name, used, max]) => ({ name, used, max })));
});
