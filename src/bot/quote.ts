import { cut, escapeMarkdown } from "../discord/index.ts";
import { everywhere, feature, messageCommand } from "./kit.ts";

/** Any message as a text file, to keep or to send on. */
export const quote = feature({
  name: "quote",
  handlers: [
    messageCommand({
      name: "Quote",
      ...everywhere,
      ephemeral: true,
      run({ target, guildId }) {
        const author = target.author.global_name ?? target.author.username;
        const lines = [
          `${author} (@${target.author.username}), ${target.timestamp}`,
          `https://discord.com/channels/${guildId ?? "@me"}/${target.channel_id}/${target.id}`,
          "",
          target.content === "" ? "(no text)" : target.content,
          ...target.attachments.map(({ filename, url }) => `[${filename}] ${url}`),
        ];
        return {
          content: `What **${escapeMarkdown(cut(author, 100))}** said, as a file:`,
          files: [{ name: `quote-${target.id}.txt`, type: "text/plain; charset=utf-8", data: `${lines.join("\n")}\n` }],
        };
      },
    }),
  ],
});
