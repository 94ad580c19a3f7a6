import { describe, expect, it } from "vitest";
import { messageFor } from "../../../../src/bot/feeds/post.ts";

const contentOf = (data: unknown): string => messageFor("news", data).content ?? "";

describe("a post", () => {
  it("shows its title as it is, its text with marks, and links with their address", () => {
    const url = "https://example.com/a_b";
    expect(contentOf({ title: "**1** [Free](https://x.y)\n# two", text: "**Bold** [Nitro](https://x.y)", url })).toBe(
      [
        String.raw`**\*\*1\*\* \[Free\](https://x.y) \# two**`,
        String.raw`**Bold** [Nitro]\(https://x.y)`,
        url,
        "-# news",
      ].join("\n"),
    );
    expect(contentOf("[Nitro](https://x.y)")).toBe("[Nitro]\\(https://x.y)\n-# news");
  });

  it.each<[string, unknown]>([
    ["a long text", "😀".repeat(2_000)],
    ["a long text and title", { title: "*".repeat(5_000), text: "😀".repeat(2_000), url: "https://x.y" }],
    ["a long address", { url: `https://x.y/${"a".repeat(5_000)}`, text: "x".repeat(5_000) }],
    ["an open code block", `\`\`\`${"x\n".repeat(3_000)}`],
    ["long JSON with a code block in it", { a: "```".repeat(3_000) }],
    ["a list of many", Array.from({ length: 3_000 }, (_, n) => n)],
  ])("fits into a message with %s: no half character, no open code block", (_name, data) => {
    const content = contentOf(data);
    expect(content.length).toBeLessThanOrEqual(2_000);
    expect(content.isWellFormed()).toBe(true);
    expect(content.split("```").length % 2).toBe(1);
    expect(content.endsWith("\n-# news")).toBe(true);
  });

  it("takes 1,900 characters at most, to the last one", () => {
    const [title, url, text] = ["Title", "https://x.y", "x".repeat(5_000)];
    const lengthOf = (data: unknown) => contentOf(data).length - "\n-# news".length;
    // The room for both line breaks is kept in any case.
    for (const [data, length] of [
      [text, 1_900],
      ["x".repeat(1_900), 1_900],
      [{ title, text, url }, 1_900],
      [{ title, text }, 1_899],
      [{ text, url }, 1_899],
      [{ text }, 1_898],
      [Array(5_000).fill(1), 1_900],
    ] as const)
      expect(lengthOf(data)).toBe(length);
    expect(contentOf("x".repeat(1_900))).not.toContain("…");
  });

  it("cuts titles to 256 characters and addresses to 512, each on one line", () => {
    const linesOf = (title: number, url: number) =>
      contentOf({ title: "x".repeat(title), url: "x".repeat(url) }).split("\n");
    expect(linesOf(256, 512)).toEqual([`**${"x".repeat(256)}**`, "x".repeat(512), "-# news"]);
    expect(linesOf(257, 513)).toEqual([`**${"x".repeat(255)}…**`, `${"x".repeat(511)}…`, "-# news"]);
    expect(contentOf({ title: "a\n\nb", url: "https://x.y/a\nb" })).toBe("**a b**\nhttps://x.y/a b\n-# news");
  });

  it("keeps title and address when its text is long", () => {
    const content = contentOf({ title: "Title", text: "x".repeat(5_000), url: "https://x.y" });
    expect(content).toMatch(/^\*\*Title\*\*\nx+…\nhttps:\/\/x\.y\n-# news$/);
  });
});

it.each([
  ["a title", { title: "High *water*" }, "**High \\*water\\***"],
  ["an address", { url: "https://tides.example/7" }, "https://tides.example/7"],
  ["a text", { text: "High" }, "High"],
  ["a text besides what is none", { title: 7, url: " \n", text: "High" }, "High"],
])("shows a post that has %s alone as text, not as JSON", (_what, data, shown) => {
  expect(contentOf(data)).toBe(`${shown}\n-# news`);
});

it.each([
  ["nothing", null, "null"],
  ["a number", 7, "7"],
  ["an object of other fields", { sum: 3, title: "" }, '{\n  "sum": 3,\n  "title": ""\n}'],
  ["a list", ["a"], '[\n  "a"\n]'],
])("shows a post of %s as JSON", (_what, data, json) => {
  expect(contentOf(data)).toBe(`\`\`\`json\n${json}\n\`\`\`\n-# news`);
});
