import * as v from "valibot";
import {
  button,
  buttonStyle,
  container,
  customId,
  cut,
  escapeMarkdown,
  type Message,
  messageFlags,
  row,
  text,
} from "../../discord/index.ts";
import { type Session, sessionKind } from "../../sessions/index.ts";

export const limits = { question: 200, answers: { min: 2, max: 5, length: 60 } };

const pollSchema = v.object({
  question: v.string(),
  answers: v.array(v.object({ text: v.string(), voters: v.array(v.string()) })),
  /** The user who asked. */
  owner: v.string(),
  /** Whether one person may choose several answers. */
  several: v.boolean(),
  isClosed: v.optional(v.boolean()),
  /** When it closes, in epoch milliseconds. Default: when someone closes it. */
  closesAt: v.optional(v.number()),
  /** Its message, once Discord has told the id. */
  message: v.optional(v.object({ channelId: v.string(), messageId: v.string() })),
});
export type Poll = v.InferOutput<typeof pollSchema>;

const day = 24 * 60 * 60_000;

/** A poll has no owner: it lives for a month after its last vote, and has room for some 2,500 votes. */
export const polls = sessionKind({
  name: "poll",
  schema: pollSchema,
  ttlMs: 30 * day,
  lifetimeMs: 365 * day,
  maxBytes: 64 * 1024,
});

/** The custom_id patterns of a poll's buttons. */
export const pollPatterns = { vote: "poll/vote/:choice<int>/:poll", close: "poll/close/:poll" } as const;
const ids = { vote: customId(pollPatterns.vote), close: customId(pollPatterns.close) };

/** Returns the poll with a vote added, or taken back if it was there. Unless several are allowed, other votes of the person go. */
export const toggleVote = (poll: Poll, choice: number, voter: string): Poll => ({
  ...poll,
  answers: poll.answers.map((answer, index) => {
    const others = answer.voters.filter((one) => one !== voter);
    const had = others.length < answer.voters.length;
    if (index === choice) return { ...answer, voters: had ? others : [...others, voter] };
    return poll.several ? answer : { ...answer, voters: others };
  }),
});

/** Returns the poll as a message: each answer's share and its first voters. */
export function showPoll({ id: poll, data }: Session<Poll>): Message {
  const { question, answers, owner, several, isClosed, closesAt } = data;
  const total = answers.reduce((sum, { voters }) => sum + voters.length, 0);
  const texts = [
    `### ${escape(question)}`,
    ...answers.map(({ text, voters }) => {
      const share = total === 0 ? 0 : Math.round((voters.length / total) * 100);
      const bar = "█".repeat(Math.round(share / 10)).padEnd(10, "░");
      return `**${escape(text)}**\n${bar} ${voters.length} · ${share} %${namesOf(voters)}`;
    }),
    `-# ${isClosed ? "Closed" : several ? "Choose as many as you like" : "Choose one"}${
      closesAt === undefined || isClosed ? "" : ` · closes <t:${Math.floor(closesAt / 1_000)}:R>`
    } · asked by <@${owner}>`,
  ];
  const buttons = [
    row(
      ...answers.map(({ text }, choice) =>
        button({ label: cut(text, 80), style: buttonStyle.primary, custom_id: ids.vote.build({ choice, poll }) }),
      ),
    ),
    row(button({ label: "Close poll", custom_id: ids.close.build({ poll }) })),
  ];
  return {
    flags: messageFlags.componentsV2,
    components: [container({ components: [...texts.map((one) => text(one)), ...(isClosed ? [] : buttons)] })],
  };
}

// --- Internal helpers ---

/** A message has room for 4,000 characters of text, and a mention takes 24. */
const maxNames = 20;

function namesOf(voters: readonly string[]): string {
  if (voters.length === 0) return "";
  const more = voters.length > maxNames ? ` and ${voters.length - maxNames} more` : "";
  const names = voters.slice(0, maxNames).map((id) => `<@${id}>`);
  return `\n-# ${names.join(" ")}${more}`;
}

const escape = (words: string): string => escapeMarkdown(words.replaceAll(/\s+/g, " "));
