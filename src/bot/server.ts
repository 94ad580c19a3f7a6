import { asWritten, commandContext, escapeMarkdown, guildOnly } from "../discord/index.ts";
import { command, feature } from "./kit.ts";
import { provenance } from "./provenance.ts";

/** Discord is asked for a server at most once in ten minutes, by all isolates together. */
export const server = feature({
  name: "server",
  handlers: [
    command({
      name: "server",
      description: "Show what Discord knows about this server",
      contexts: [commandContext.guild],
      guards: [guildOnly],
      ephemeral: true,
      async run({ guildId }, { entities }) {
        const [guild, roles] = await Promise.all([entities.guild(guildId), entities.roles(guildId)]);
        if (!guild.value) return "The bot is not in this server, so Discord tells it nothing about it.";
        const {
          name,
          description,
          owner_id,
          preferred_locale,
          approximate_member_count: members,
          features,
        } = guild.value;
        return [
          `**${escapeMarkdown(name)}**${description ? ` · ${asWritten(description, 500)}` : ""}`,
          `Owned by <@${owner_id}>, language ${preferred_locale}`,
          `${members ?? "?"} members, ${roles.value?.length ?? "?"} roles${features.length > 0 ? `, ${features.join(", ").toLowerCase()}` : ""}`,
          provenance(guild),
        ].join("\n");
      },
    }),
  ],
});
