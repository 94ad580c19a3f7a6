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

/** `votes`: those of one poll, and those taken back since, which are remembered. */
export const limits = { question: 200, answers: { min: 2, max: 5, length: 60 }, votes: 2_500 };

const pollSchema = v.object({
  question: v.string(),
  /**
   * `votes` has the id of the last interaction that changed a person's vote, by the person's id. One behind a dash took the vote
   * back: it is kept, so that a click delivered again, however late, is seen to be older.
   */
  answers: v.array(v.object({ text: v.string(), votes: v.record(v.string(), v.string()) })),
  /** The user who asked. */
  owner: v.string(),
  /** Whether one person may choose several answers. */
  several: v.boolean(),
  isClosed: v.optional(v.boolean()),
  /** When it closes, in epoch milliseconds. Default: when someone closes it. */
  closesAt: v.optional(v.number()),
  /** Where it was asked. Clicks from elsewhere are refused. Older polls have none. */
  channelId: v.optional(v.string()),
  /** Its message, once Discord has told the id. */
  message: v.optional(v.object({ channelId: v.string(), messageId: v.string() })),
});
export type Poll = v.InferOutput<typeof pollSchema>;

const day = 24 * 60 * 60_000;

/**
 * A poll has no owner: it lives for a month after its last vote. `limits.votes` take at most 120 kB, so that the size limit
 * leaves room for closing it.
 */
export const polls = sessionKind({
  name: "poll",
  schema: pollSchema,
  ttlMs: 30 * day,
  lifetimeMs: 365 * day,
  maxBytes: 160 * 1024,
  version: 2,
  migrate: votersToVotes,
});

/** The custom_id patterns of a poll's buttons. */
export const pollPatterns = { vote: "poll/vote/:choice<int>/:poll", close: "poll/close/:poll" } as const;
const ids = { vote: customId(pollPatterns.vote), close: customId(pollPatterns.close) };

/** A person's click on an answer. */
export interface Click {
  choice: number;
  voter: string;
  /** The interaction's id. Ids of later interactions are greater. */
  id: string;
}

/**
 * Returns the poll with a vote added, or taken back if it was there; `"full"` where it has no room for another. Unless several
 * are allowed, other votes of the person go. Returns the poll as it is for a click that was counted before, or that an answer's
 * later click has overtaken.
 */
export function toggleVote(poll: Poll, { choice, voter, id }: Click): Poll | "full" {
  const { answers, several, isClosed } = poll;
  const chosen = answers[choice];
  const rivals = several ? [chosen] : answers;
  const isOld = rivals.some((answer) => isAtLeast(answer?.votes[voter], id));
  if (isClosed || !chosen || isOld) return poll;
  const remembered = answers.reduce((sum, { votes }) => sum + Object.keys(votes).length, 0);
  const isNew = rivals.every((answer) => answer?.votes[voter] === undefined);
  if (isNew && remembered >= limits.votes) return "full";
  const had = isVote(chosen.votes[voter]);
  return {
    ...poll,
    answers: answers.map((answer, index) => {
      const { [voter]: _before, ...others } = answer.votes;
      if (index === choice) return { ...answer, votes: { ...others, [voter]: had ? `-${id}` : id } };
      return several ? answer : { ...answer, votes: others };
    }),
  };
}

/** Returns the poll as a message: each answer's share and its first voters. */
export function showPoll({ id: poll, data }: Session<Poll>): Message {
  const { question, answers, owner, several, isClosed, closesAt } = data;
  const counted = answers.map(({ text, votes }) => ({ text, voters: votersIn(votes) }));
  const total = counted.reduce((sum, { voters }) => sum + voters.length, 0);
  const texts = [
    `### ${escape(question)}`,
    ...counted.map(({ text, voters }) => {
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

const isVote = (mark: string | undefined): boolean => mark !== undefined && !mark.startsWith("-");

const votersIn = (votes: Readonly<Record<string, string>>): string[] =>
  Object.keys(votes).filter((voter) => isVote(votes[voter]));

/** Returns whether the click behind a mark is this one, or a later one. */
const isAtLeast = (mark: string | undefined, id: string): boolean =>
  mark !== undefined && BigInt(mark.replace("-", "")) >= BigInt(id);

/** The first version kept each answer's voters in a list. */
function votersToVotes(data: unknown): unknown {
  const { answers, ...rest } = data as { answers: { text: string; voters: string[] }[] };
  return {
    ...rest,
    answers: answers.map(({ text, voters }) => ({ text, votes: Object.fromEntries(voters.map((id) => [id, "0"])) })),
  };
}

function namesOf(voters: readonly string[]): string {
  if (voters.length === 0) return "";
  const more = voters.length > maxNames ? ` and ${voters.length - maxNames} more` : "";
  const names = voters.slice(0, maxNames).map((id) => `<@${id}>`);
  return `\n-# ${names.join(" ")}${more}`;
}

const escape = (words: string): string => escapeMarkdown(words.replaceAll(/\s+/g, " "));
