import { escapeMarkdown, fitLines } from "../discord/index.ts";
import { command, everywhere, feature } from "./kit.ts";
import { owners } from "./owners.ts";

/** Shows what the whole fleet does and costs, in short. The dashboard shows the rest. */
export const status = feature({
  name: "status",
  handlers: [
    command({
      name: "status",
      description: "Show how the bot is doing, and what it costs",
      ...everywhere,
      ephemeral: true,
      guards: [owners],
      async run(_interaction, services) {
        const { adminUrl } = services;
        const { sentence, level, concerns, rates, jobs, cost } = (await services.fleet()).status;
        const others = concerns.slice(1).map(({ text }) => `- ${escapeMarkdown(text)}`);
        const lines = [
          `${marks[level]} ${escapeMarkdown(sentence)}`,
          ...(others.length === 0 ? [] : [fitLines(others, 1_000, (left) => `-# and ${left} more`)]),
          rates && `Last hour: ${interactionsIn(rates.total)}, ${rates.total.redisCommands} Redis commands.`,
          jobs &&
            `Jobs: ${jobs.scheduled} scheduled, ${jobs.running} running, ${jobs.late} late, ${jobs.dead} given up.`,
          cost &&
            `This month: ${cost.redis.commands} Redis commands, about ${cost.redis.projected} by its end: ` +
              `${percent(cost.redis.free.projectedShare)} of the free plan, or ${dollars(cost.redis.cheapestDollars)}.`,
          adminUrl !== undefined && `[Dashboard](<${adminUrl}>)`,
        ];
        return lines.filter((line) => typeof line === "string").join("\n");
      },
    }),
  ],
});

// --- Internal helpers ---

const marks = { well: "🟢", attention: "🟡", trouble: "🔴" } as const;

const interactionsIn = ({ interactions, errors }: { interactions: number; errors: number }): string =>
  `${interactions} ${interactions === 1 ? "interaction" : "interactions"}${errors === 0 ? "" : `, ${errors} failed`}`;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;
