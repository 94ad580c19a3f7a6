import { command, everywhere, feature } from "./kit.ts";

/** A known answer of Redis is shown for this long, so that a burst of pings costs one command a second. */
const maxAgeMs = 1_000;

export const ping = feature({
  name: "ping",
  handlers: [
    command({
      name: "ping",
      description: "Is the bot awake, and does Redis answer?",
      description_localizations: {
        de: "Ist der Bot wach, und antwortet Redis?",
        fr: "Le bot est-il réveillé, et Redis répond-il ?",
      },
      ...everywhere,
      async run(_interaction, { isolate, config, redis }) {
        const health = await redis.health(maxAgeMs);
        const place = `Redis at \`${config.redis.host}\``;
        return [
          "**Pong!**",
          `Isolate \`${isolate.id}\` woke up <t:${Math.floor(isolate.startedAt / 1_000)}:R>.`,
          health.ok ? `${place} answered in ${health.latencyMs} ms.` : `${place} does not answer: ${health.reason}.`,
        ].join("\n");
      },
    }),
  ],
});
