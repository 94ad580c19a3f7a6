import { describe, expect, it } from "vitest";
import { asWritten, cut, escapeMarkdown, fitLines } from "../../../src/discord/index.ts";

const family = "👩‍👩‍👧‍👦";

describe("cut", () => {
  it("returns a text that fits as it is", () => {
    expect(cut("ten digits", 10)).toBe("ten digits");
    expect(cut("", 10)).toBe("");
  });

  it.each<[string, string, number, string]>([
    ["letters", "a long name", 7, "a long…"],
    ["an emoji after 59 letters", `${"x".repeat(59)}😀 and more`, 60, `${"x".repeat(59)}…`],
    ["an emoji after 58 letters", `${"x".repeat(58)}😀 and more`, 60, `${"x".repeat(58)}…`],
    ["a family of seven code points", `ab${family}cd`, 8, "ab…"],
    ["an accent of two code points", "cafe\u0301s here", 6, "cafe\u0301…"],
    ["an accent at the cut", "cafe\u0301s here", 5, "caf…"],
    ["a flag between flags", "🇩🇪🇫🇷🇪🇸🇮🇹", 10, "🇩🇪🇫🇷…"],
    ["a skin tone", "ok 👍🏽 done", 6, "ok …"],
    ["no room", "text", 0, ""],
    ["room for one", "text", 1, "…"],
  ])("cuts %s between the characters that people see", (_name, text, max, expected) => {
    expect(cut(text, max)).toBe(expected);
    expect(cut(text, max).length).toBeLessThanOrEqual(max);
  });

  it("lets no half of a surrogate pair through", () => {
    expect(cut("a\ud83d", 10)).toBe("a\ufffd");
    for (let max = 1; max < 40; max++) expect(cut(`${family}${family}${family}`, max).isWellFormed()).toBe(true);
  });

  it("cuts a million code units in a time that grows with the length at most", () => {
    // A time that grows with its square is longer than a test may take.
    expect(cut("x\u0301".repeat(500_000), 1_900)).toHaveLength(1_899);
    expect(cut(`x${"\u0301".repeat(500_000)}`, 1_900)).toBe("…");
  });
});

describe("fitLines", () => {
  const more = (left: number) => `and ${left} more`;
  it("leaves out whole lines, and says how many", () => {
    expect(fitLines(["one", "two"], 7, more)).toBe("one\ntwo");
    expect(fitLines(["one", "two", "three"], 12, more)).toBe("and 3 more");
    for (const max of [18, 20])
      expect(fitLines(["one", "two", "three", "four", "five"], max, more)).toBe("one\ntwo\nand 3 more");
    expect(fitLines(["one", "two", "three", "four", "five"], 17, more)).toBe("one\nand 4 more");
    expect(fitLines(["one", "two"], 5, more)).toBe("and …");
  });
});

it("fitLines fills the room, and always says in full how many lines are left out", () => {
  const lines = Array.from({ length: 12 }, (_, index) => "x".repeat((index * 7) % 5));
  const all = lines.join("\n");
  for (let max = 11; max < all.length; max++) {
    const fitted = fitLines(lines, max, (left) => `and ${left} more`);
    expect(fitted.length).toBeLessThanOrEqual(max);
    const shown = fitted.split("\n");
    expect(shown.at(-1)).toBe(`and ${lines.length - shown.length + 1} more`);
    expect(shown.slice(0, -1)).toEqual(lines.slice(0, shown.length - 1));
  }
  expect(fitLines(lines, all.length, String)).toBe(all);
});

describe("escapeMarkdown", () => {
  it("escapes every mark of Discord's", () => {
    expect(escapeMarkdown("*_~`|\\#>[]<@-")).toBe(String.raw`\*\_\~\`\|\\\#\>\[\]\<\@\-`);
    expect(escapeMarkdown("[Nitro](https://example.com/a_b)")).toBe(String.raw`\[Nitro\](https://example.com/a_b)`);
    expect(escapeMarkdown("<@1100000000000000011> <:a:1> <t:1> @everyone")).toBe(
      String.raw`\<\@1100000000000000011\> \<:a:1\> \<t:1\> \@everyone`,
    );
  });

  it("keeps addresses whole, and no marks behind them", () => {
    expect(escapeMarkdown("https://example.com/a_b?c=d*e*")).toBe(String.raw`https://example.com/a_b?c=d\*e\*`);
    expect(escapeMarkdown("https://x[Nitro](https://y.z)")).toBe(String.raw`https://x\[Nitro\](https://y.z)`);
  });
});

describe("asWritten", () => {
  it.each([
    ["[Nitro](https://example.com)", String.raw`[Nitro]\(https://example.com)`],
    [String.raw`\[Nitro](https://example.com)`, String.raw`\[Nitro]\(https://example.com)`],
    [String.raw`\\[Nitro](<https://example.com>)`, String.raw`\\[Nitro]\(<https://example.com>)`],
    ["[[a]](b)](https://example.com)", String.raw`[[a]]\(b)]\(https://example.com)`],
    ["**bold** <#1100000000000000111>", "**bold** <#1100000000000000111>"],
  ])("shows the links in %j as typed, and keeps other marks", (text, expected) => {
    expect(asWritten(text, 100)).toBe(expected);
    expect(asWritten(expected, 100)).toBe(expected);
  });

  it("closes a code block that the text or the cut leaves open", () => {
    expect(asWritten("```js\ncode\n```", 100)).toBe("```js\ncode\n```");
    expect(asWritten("```js\ncode", 100)).toBe("```js\ncode\n```");
    const long = `\`\`\`\n${"x".repeat(200)}\n\`\`\``;
    expect(asWritten(long, 50)).toBe(`\`\`\`\n${"x".repeat(41)}…\n\`\`\``);
    for (let max = 10; max < 230; max++) {
      expect(asWritten(long, max).length).toBeLessThanOrEqual(max);
      expect(asWritten(long, max).split("```").length % 2).toBe(1);
    }
  });
});
