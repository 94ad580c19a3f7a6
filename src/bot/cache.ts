import { commandContext, guildOnly, needsPermissions } from "../discord/index.ts";
import { commandTree, feature, subcommand } from "./kit.ts";

const guards = [guildOnly, needsPermissions("ManageGuild")] as const;

export const cache = feature({
  name: "cache",
  handlers: [
    commandTree({
      name: "cache",
      description: "See or clear what the bot remembers about Discord",
      contexts: [commandContext.guild],
      default_member_permissions: ["ManageGuild"],
      subcommands: {
        stats: subcommand({
          description: "Show how often the cache had an answer, in the isolate that replies",
          ephemeral: true,
          guards,
          run(_interaction, { entities, isolate }) {
            const lines = Object.entries(entities.stats()).map(([kind, stats]) => {
              const { localHits, redisHits, staleHits, misses, fetches, fetchFailures, hitRate } = stats;
              const share = `${Math.round(hitRate * 100)} %`.padStart(5);
              return `${kind.padEnd(8)}${share}  ${localHits} L1, ${redisHits} Redis, ${staleHits} stale, ${misses} missed, ${fetches} fetched (${fetchFailures} failed)`;
            });
            return `\`\`\`\n${lines.join("\n")}\n\`\`\`\n-# ${isolate.cache.entries.size} entries in isolate \`${isolate.id}\``;
          },
        }),
        clear: subcommand({
          description: "Forget this server with its channels, roles and members",
          ephemeral: true,
          guards,
          async run({ guildId }, { entities }) {
            await entities.invalidateGuild(guildId);
            return "Forgotten. The next command that needs it asks Discord again.";
          },
        }),
      },
    }),
  ],
});
