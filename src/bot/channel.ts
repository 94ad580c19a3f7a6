import { asWritten, commandContext, hasPermissions } from "../discord/index.ts";
import { command, feature } from "./kit.ts";
import { provenance } from "./provenance.ts";

export const channel = feature({
  name: "channel",
  handlers: [
    command({
      name: "channel",
      description: "Show what Discord knows about a channel",
      contexts: [commandContext.guild],
      ephemeral: true,
      options: [{ type: "channel", name: "channel", description: "Which channel (default: this one)" }],
      async run({ options: { channel }, channelId = "", guildId }, { entities }) {
        // Clients offer what the person can see; the bot may see more.
        if (channel && !hasPermissions(channel.permissions, "ViewChannel")) return "You cannot see that channel.";
        const entry = await entities.channel(channel?.id ?? channelId, guildId);
        if (!entry.value) return "The bot cannot see that channel.";
        const { id, topic, nsfw, parent_id, rate_limit_per_user: slow } = entry.value;
        return [
          `<#${id}>${topic ? ` · ${asWritten(topic, 1_100)}` : ""}`,
          ...(parent_id ? [`In <#${parent_id}>`] : []),
          ...(nsfw ? ["Age-restricted"] : []),
          ...(slow ? [`One message in ${slow} s`] : []),
          provenance(entry),
        ].join("\n");
      },
    }),
  ],
});
