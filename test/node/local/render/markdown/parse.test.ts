import { describe, expect, it } from "vitest";
import type { Block, Inline, ListBlock } from "../../../../../local/render/markdown/ast.ts";
import { isJumbo, parseMarkdown } from "../../../../../local/render/markdown/parse.ts";
import type { Place } from "../../../../../local/render/markdown/rules.ts";

/** A short spelling of the tree: `bold(a)`, `h1(a)`, one block a line. */
const spell = (text: string, place?: Place): string => parseMarkdown(text, place).map(block).join("\n");

function block(one: Block): string {
  if (one.kind === "code-block") return `fence:${one.language}(${one.text})`;
  if (one.kind === "quote") return `quote(${one.blocks.map(block).join(" / ")})`;
  if (one.kind === "list") return list(one);
  const inner = parts(one.inner);
  return one.kind === "paragraph" ? inner : `${one.kind === "heading" ? `h${one.level}` : one.kind}(${inner})`;
}

function list({ start, items }: ListBlock): string {
  const shown = items.map(({ inner, lists }) => [parts(inner), ...lists.map(list)].join(" "));
  return `${start === undefined ? "ul" : `ol:${start}`}(${shown.join(", ")})`;
}

const parts = (all: readonly Inline[]): string => all.map(part).join("");

function part(one: Inline): string {
  switch (one.kind) {
    case "text":
    case "everyone":
      return one.text;
    case "code":
      return `code(${one.text})`;
    case "link":
      return `link:${one.url}${one.title ? `"${one.title}"` : ""}(${parts(one.inner)})`;
    case "mention":
      return `${one.what}:${one.id}`;
    case "command":
      return `command:${one.name}:${one.id}`;
    case "guide":
      return `guide:${one.name}`;
    case "emoji":
      return `emoji:${one.name}:${one.id}${one.isAnimated ? ":animated" : ""}`;
    case "time":
      return `time:${one.at}:${one.style}`;
    default:
      return `${one.kind}(${parts(one.inner)})`;
  }
}

describe("styles", () => {
  it.each([
    ["**a**", "bold(a)"],
    ["*a* and _b_", "italic(a) and italic(b)"],
    ["***a***", "bold(italic(a))"],
    ["2 * 3 * 4", "2 * 3 * 4"],
    ["a_b_c and 1_2_", "a_b_c and 1_2_"],
    ["**a *b* c**", "bold(a italic(b) c)"],
    ["*a **b** c*", "italic(a bold(b) c)"],
    ["__a__", "underline(a)"],
    ["__*a*__", "underline(italic(a))"],
    ["~~a~~", "strike(a)"],
    ["||a **b**||", "spoiler(a bold(b))"],
    ["**a\nb**", "bold(a\nb)"],
    ["snake_case_name and 2*3*4", "snake_case_name and 2italic(3)4"],
    ["* a *", "ul(a *)"],
    ["2 * 3 * 4", "2 * 3 * 4"],
    ["*a * b", "*a * b"],
    ["_a_b c", "_a_b c"],
    ["**open", "**open"],
    ["** **", "bold( )"],
    ["****", "****"],
    ["a ~ b | c", "a ~ b | c"],
    ["`*a*`", "code(*a*)"],
    ["``a ` b``", "code(a ` b)"],
    ["`` `a` ``", "code(`a`)"],
    ["*a `*` b*", "italic(a code(*) b)"],
    [String.raw`\*a\* \\ \a`, String.raw`*a* \ \a`],
    [String.raw`**a\*\*b**`, "bold(a**b)"],
  ])("reads %j as %j", (text, expected) => {
    expect(spell(text)).toBe(expected);
  });
});

describe("links", () => {
  it.each([
    ["[a](https://x.test)", "link:https://x.test(a)"],
    ["[**a**](https://x.test/b_c)", "link:https://x.test/b_c(bold(a))"],
    ['[a](https://x.test "title")', 'link:https://x.test"title"(a)'],
    ["[a](<https://x.test>)", "link:https://x.test(a)"],
    ["[a](https://x.test/b_(c))", "link:https://x.test/b_(c)(a)"],
    ["<https://x.test/a>", "link:https://x.test/a(https://x.test/a)"],
    ["see https://x.test/a_b_c.", "see link:https://x.test/a_b_c(https://x.test/a_b_c)."],
    ["(https://x.test/a)", "(link:https://x.test/a(https://x.test/a))"],
    ["https://x.test/(a)", "link:https://x.test/(a)(https://x.test/(a))"],
    [
      "[https://good.test](https://evil.test)",
      "[link:https://good.test(https://good.test)](link:https://evil.test(https://evil.test))",
    ],
    ["[a](javascript:alert(1))", "[a](javascript:alert(1))"],
    ["[a](data:text/html,x)", "[a](data:text/html,x)"],
    ["https://", "https://"],
    ["[a](https://[bad)", "[a](https://[bad)"],
  ])("reads %j as %j", (text, expected) => {
    expect(spell(text)).toBe(expected);
  });
});

describe("mentions, emoji and times", () => {
  it.each([
    ["<@1> <@!2> <@&3> <#4>", "user:1 user:2 role:3 channel:4"],
    ["</remind me:5>", "command:remind me:5"],
    ["<id:customize> <id:browse> <id:else>", "guide:customize guide:browse <id:else>"],
    ["@everyone and @here, @ada", "@everyone and @here, @ada"],
    ["<:wave:1><a:dance:2>", "emoji:wave:1emoji:dance:2:animated"],
    ["<t:60> <t:60:R> <t:-60:S>", "time:60000:f time:60000:R time:-60000:S"],
    ["<t:8640000000000:R> <t:8640000000001:R>", "time:8640000000000000:R <t:8640000000001:R>"],
    ["<t:99999999999999:R> <t:60:x>", "<t:99999999999999:R> <t:60:x>"],
    ["`<@1>`", "code(<@1>)"],
    ["**<@1>**", "bold(user:1)"],
    ["<script>alert(1)</script>", "<script>alert(1)</script>"],
  ])("reads %j as %j", (text, expected) => {
    expect(spell(text)).toBe(expected);
  });
});

describe("blocks", () => {
  it.each([
    ["# a\n## b\n### c\n#### d", "h1(a)\nh2(b)\nh3(c)\n#### d"],
    ["# a #\n\n\nb", "h1(a)\nb"],
    ["#a", "#a"],
    ["-# small **print**", "subtext(small bold(print))"],
    ["> a\n> b\nc", "quote(a\nb)\nc"],
    ["> # a\n> - b", "quote(h1(a) / ul(b))"],
    [">a", ">a"],
    ["a\n>>> b\nc", "a\nquote(b\nc)"],
    ["- a\n- b", "ul(a, b)"],
    ["* a\n  * b\n    * c\n* d", "ul(a ul(b ul(c)), d)"],
    ["3. a\n9. b", "ol:3(a, b)"],
    ["1. a\n  - b\n2. c", "ol:1(a ul(b), c)"],
    ["- a\n1. b", "ul(a)\nol:1(b)"],
    ["a\n\nb", "a\n\nb"],
    ["```js\na *b*\n```", "fence:js(a *b*)"],
    ["```a```", "fence:(a)"],
    ["x ```a``` y", "x \nfence:(a)\n y"],
    ["```\na\n\nb\n```\nc", "fence:(a\n\nb)\nc"],
    ["```open", "```open"],
    ["\\```a```", "```a```"],
    ["> ```\n> a\n> ```", "quote(fence:(a))"],
    ["> > > a", "quote(quote(quote(a)))"],
    ["> > > > a", "quote(quote(quote(> a)))"],
    ["- a\n    - b\n  - c\n- d", "ul(a ul(b) ul(c), d)"],
    ["  - a\n- b", "ul(a, b)"],
    ["", ""],
  ])("reads %j as %j", (text, expected) => {
    expect(spell(text)).toBe(expected);
  });
});

describe("places", () => {
  it.each([
    ["embedTitle", "# **a** <@1> https://x.test <t:60>", "# bold(a) <@1> https://x.test time:60000:f"],
    ["fieldName", "- __a__ [b](https://x.test)", "- underline(a) [b](https://x.test)"],
    ["fieldValue", "- <@1>", "ul(user:1)"],
    ["embedDescription", "> a", "quote(a)"],
    ["embedFooter", "**a** <:b:1> <t:60>", "**a** <:b:1> <t:60>"],
    ["button", String.raw`**a** \* ||b||`, String.raw`**a** \* ||b||`],
  ] as const)("reads in %s %j as %j", (place, text, expected) => {
    expect(spell(text, place)).toBe(expected);
  });
});

it.each([
  ["🎉", true],
  ["🎉 <:a:1> 🏳️‍🌈", true],
  ["🎉!", false],
  ["", false],
  ["1", false],
  ["🎉".repeat(30), true],
  ["🎉".repeat(31), false],
])("tells whether %j is shown large: %j", (text, expected) => {
  expect(isJumbo(text)).toBe(expected);
});

it.each(["**", "__", "||", "*_", "`", "[", "<", "> ", "```", "- ", "||**__", "[a](https://x.test/((", "(".repeat(9)])(
  "reads 4,000 characters of %j in less than half a second",
  (unit) => {
    const startedAt = performance.now();
    parseMarkdown(unit.repeat(4_000 / unit.length));
    expect(performance.now() - startedAt).toBeLessThan(500);
  },
);
