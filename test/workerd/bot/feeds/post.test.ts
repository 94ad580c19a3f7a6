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

  it("keeps title and address when its text is long", () => {
    const content = contentOf({ title: "Title", text: "x".repeat(5_000), url: "https://x.y" });
    expect(content).toMatch(/^\*\*Title\*\*\nx+…\nhttps:\/\/x\.y\n-# news$/);
  });
});

it.each([
  ["a title", { title: "High *water*" }, "**High \\*water\\***"],
  ["an address", { url: "https://tides.example/7" }, "https://tides.example/7"],
  ["a text", { text: "High" }, "High"],
])("shows a post that has %s alone as text, not as JSON", (_what, data, shown) => {
  expect(contentOf(data)).toBe(`${shown}\n-# news`);
});
