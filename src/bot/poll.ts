import type { APIMessage, APIMessageTopLevelComponent } from "discord-api-types/v10";
import {
  button,
  buttonStyle,
  componentType,
  container,
  type Message,
  messageFlags,
  row,
  text,
} from "../discord/index.ts";

export interface Poll {
  question: string;
  answers: readonly { text: string; voters: readonly string[] }[];
  /** Who asked. */
  owner: string;
  /** Everybody may choose more than one. */
  several: boolean;
  isClosed?: boolean;
}

/** What its buttons are called. */
export interface PollIds {
  vote(choice: number): string;
  close: string;
}

export const limits = { question: 200, answers: { min: 2, max: 5, length: 60 } };
/** Over all text of a message. */
const maxText = 4_000;

/** A vote, or taken back when it was given before; the only one unless several are allowed. */
export const toggleVote = (poll: Poll, choice: number, voter: string): Poll => ({
  ...poll,
  answers: poll.answers.map((answer, index) => {
    const others = answer.voters.filter((one) => one !== voter);
    const had = others.length < answer.voters.length;
    if (index === choice) return { ...answer, voters: had ? others : [...others, voter] };
    return poll.several ? answer : { ...answer, voters: others };
  }),
});

/** The poll as a message that anybody can read, the bot too: who voted for what stands under each answer. */
export function showPoll({ question, answers, owner, several, isClosed }: Poll, ids: PollIds): Message | undefined {
  const total = answers.reduce((sum, { voters }) => sum + voters.length, 0);
  const texts = [
    `### ${escape(question)}`,
    ...answers.map(({ text, voters }) => {
      const share = total === 0 ? 0 : Math.round((voters.length / total) * 100);
      const bar = "█".repeat(Math.round(share / 10)).padEnd(10, "░");
      const names = voters.map((id) => `<@${id}>`).join(" ");
      return `**${escape(text)}**\n${bar} ${voters.length} · ${share} %${names && `\n-# ${names}`}`;
    }),
    `-# ${isClosed ? "Closed" : several ? "Choose as many as you like" : "Choose one"} · asked by <@${owner}>`,
  ];
  if (texts.join("").length > maxText) return undefined;
  const buttons = [
    row(
      ...answers.map(({ text }, choice) =>
        button({ label: text, style: buttonStyle.primary, custom_id: ids.vote(choice) }),
      ),
    ),
    row(button({ label: "Close poll", custom_id: ids.close })),
  ];
  return {
    flags: messageFlags.componentsV2,
    components: [container({ components: [...texts.map((one) => text(one)), ...(isClosed ? [] : buttons)] })],
  };
}

/** Reads back what `showPoll` wrote. */
export function readPoll(
  { components = [] }: APIMessage,
  { owner, several }: Pick<Poll, "owner" | "several">,
): Poll | undefined {
  const inner = components.flatMap((one: APIMessageTopLevelComponent) =>
    one.type === componentType.container ? one.components : [],
  );
  const texts = inner.flatMap((one) => (one.type === componentType.textDisplay ? [one.content] : []));
  const labels = inner
    .flatMap((one) => (one.type === componentType.actionRow ? one.components : []))
    .flatMap((one) =>
      one.type === componentType.button && "label" in one && one.label !== undefined ? [one.label] : [],
    )
    .slice(0, -1);
  const [question, ...answers] = texts;
  if (question === undefined || labels.length === 0 || answers.length < labels.length) return undefined;
  return {
    question: unescape(question.replace(/^### /, "")),
    answers: labels.map((text, index) => ({ text, voters: votersIn(answers[index] ?? "") })),
    owner,
    several,
  };
}

// --- Internal helpers ---

/** Only the last, small line holds voters: an answer's own text may mention anybody. */
const votersIn = (answer: string): string[] => {
  const line = answer.split("\n").find((one) => one.startsWith("-# ")) ?? "";
  return [...line.matchAll(/<@(\d+)>/g)].map(([, id = ""]) => id);
};

const escape = (words: string): string => words.replaceAll(/\s+/g, " ").replaceAll(/[\\*_`~|#>[\]]/g, String.raw`\$&`);
const unescape = (words: string): string => words.replaceAll(/\\([\\*_`~|#>[\]])/g, "$1");
