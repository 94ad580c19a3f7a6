import { expect, it } from "vitest";
import { quote } from "../../../src/bot/quote.ts";

const [menu] = quote.handlers as unknown as [{ run(interaction: object): Quoted }];
interface Quoted {
  content: string;
  files: { name: string; type: string; data: string }[];
}
const target = {
  id: "5",
  channel_id: "2",
  timestamp: "2026-06-01T12:00:00Z",
  content: "Hello\n**there**",
  author: { username: "ada", global_name: "Ada *L*" as string | null },
  attachments: [{ filename: "a.png", url: "https://cdn.test/a.png" }],
};

it("writes down who said what, where, and with which files", () => {
  expect(menu.run({ target, guildId: "1" })).toEqual({
    content: String.raw`What **Ada \*L\*** said, as a file:`,
    files: [
      {
        name: "quote-5.txt",
        type: "text/plain; charset=utf-8",
        data: "Ada *L* (@ada), 2026-06-01T12:00:00Z\nhttps://discord.com/channels/1/2/5\n\nHello\n**there**\n[a.png] https://cdn.test/a.png\n",
      },
    ],
  });
});

it("says where there is no text, and names people outside of servers and without a name of their choice", () => {
  const bare = { ...target, content: "", attachments: [], author: { username: "x".repeat(101), global_name: null } };
  const { content, files } = menu.run({ target: bare, guildId: undefined });
  expect(content).toBe(`What **${"x".repeat(99)}…** said, as a file:`);
  expect(files[0]?.data.split("\n").slice(1)).toEqual(["https://discord.com/channels/@me/2/5", "", "(no text)", ""]);
});
