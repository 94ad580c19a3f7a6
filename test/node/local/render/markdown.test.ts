import { stripVTControlCharacters, styleText } from "node:util";
import { afterAll, expect, it, vi } from "vitest";
import { renderMarkdown } from "../../../../local/render/markdown.ts";

// Colours are what is looked at here, wherever the tests run: also in the table below.
vi.stubEnv("FORCE_COLOR", "1");
vi.stubEnv("NO_COLOR", undefined);
afterAll(() => void vi.unstubAllEnvs());

const options = { names: { "1": "Ada", "2": "general", "3": "Sailors" }, now: 1_000_000 };
const styled = (text: string) => renderMarkdown(text, options);

it.each([
  ["**a**", styleText("bold", "a")],
  ["*a*", styleText("italic", "a")],
  ["__a__", styleText("underline", "a")],
  ["~~a~~", styleText("strikethrough", "a")],
  ["||a||", styleText("inverse", "a")],
  ["`a`", styleText("green", "a")],
  ["```js\na\n```", styleText("green", "a")],
  ["# a", styleText(["bold", "underline"], "a")],
  ["-# a", styleText("dim", "a")],
  ["> a\n> b", `${styleText("dim", "▌")} a\n${styleText("dim", "▌")} b`],
  ["<@1>", styleText("cyan", "@Ada")],
  ["<@9>", styleText("cyan", "@9")],
  ["<#2>", styleText("cyan", "#general")],
  ["<@&3>", styleText("cyan", "@Sailors")],
  ["@everyone", styleText("cyan", "@everyone")],
  ["</poll new:5>", styleText("cyan", "/poll new")],
  ["<id:browse>", styleText("cyan", "#browse")],
  ["<a:wave:5>", ":wave:"],
  ["<t:1030:R>", "in 30 seconds"],
  ["https://x.test/a", "https://x.test/a"],
  ["[a](https://x.test)", `${styleText("underline", "a")} (https://x.test)`],
])("shows %j in a terminal", (text, expected) => {
  expect(styled(text)).toBe(expected);
});

it("shows lists with their numbers, and lists in lists further in", () => {
  const text = "- a\n  - b\n  - c\n- d\n3. e\n4. f";
  expect(stripVTControlCharacters(styled(text))).toBe("• a\n  • b\n  • c\n• d\n3. e\n4. f");
});

it("shows a plain place as it is written", () => {
  const text = "**a** <@1> https://x.test `b`";
  expect(renderMarkdown(text, options, "button")).toBe(text);
  expect(renderMarkdown("**a** <@1>", options, "embedTitle")).toBe(`${styleText("bold", "a")} <@1>`);
});
