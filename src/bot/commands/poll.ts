import {
  commandContext,
  ephemeral,
  guildOnly,
  hasPermissions,
  type Message,
  updateMessage,
} from "../../discord/index.ts";
import { command, component, modal } from "../kit.ts";
import { limits, type Poll, readPoll, showPoll, toggleVote } from "../poll.ts";

/** A vote among up to five answers. What was voted stands in the message itself. */
export const poll = command({
  name: "poll",
  description: "Asks everybody here",
  contexts: [commandContext.guild],
  options: [{ type: "string", name: "question", description: "What to ask", max_length: limits.question }],
  run: ({ options: { question } }) => pollForm.show(question === undefined ? {} : { question: { value: question } }),
});

export const pollForm = modal({
  id: "poll/new",
  title: "New poll",
  fields: {
    question: { type: "text", label: "Question", max_length: limits.question },
    answers: {
      type: "text",
      style: "paragraph",
      label: "Answers",
      description: `One in each line, ${limits.answers.min} to ${limits.answers.max} of them`,
      max_length: 400,
    },
    several: { type: "checkbox", label: "Several answers", description: "Everybody may choose more than one" },
  },
  guards: [guildOnly],
  run({ fields: { question, answers, several }, user }) {
    const lines = answers
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
    const problem = problemWith(question, lines);
    if (problem) {
      const typed = [question, ...lines].join("\n").replaceAll("`", "'");
      return ephemeral(
        `${problem} Nothing was posted. What you wrote, to try again with \`/poll\`:\n\`\`\`\n${typed}\n\`\`\``,
      );
    }
    const posted = show({
      question: question.trim(),
      answers: lines.map((text) => ({ text, voters: [] })),
      owner: user.id,
      several,
    });
    return posted ?? ephemeral("These answers are too long for one message.");
  },
});

export const vote = component({
  id: "poll/vote/:choice<int>/:several<bool>/:owner<id>",
  run({ params, message, user }) {
    const poll = readPoll(message, params);
    if (!poll || !poll.answers[params.choice]) return ephemeral("This poll cannot be read any more.");
    const voted = show(toggleVote(poll, params.choice, user.id));
    return voted ? updateMessage(voted) : ephemeral("This poll is full: no more votes fit into its message.");
  },
});

export const closePoll = component({
  id: "poll/close/:several<bool>/:owner<id>",
  run({ params, message, user, member }) {
    if (user.id !== params.owner && !hasPermissions(member?.permissions, "ManageMessages")) {
      return ephemeral(`Only <@${params.owner}>, who asked, and moderators can close this poll.`);
    }
    const poll = readPoll(message, params);
    const closed = poll && show({ ...poll, isClosed: true });
    return closed ? updateMessage(closed) : ephemeral("This poll cannot be read any more.");
  },
});

// --- Internal helpers ---

const show = (poll: Poll): Message | undefined => {
  const { owner, several } = poll;
  return showPoll(poll, {
    vote: (choice) => vote.id({ choice, several, owner }),
    close: closePoll.id({ several, owner }),
  });
};

function problemWith(question: Poll["question"], answers: readonly string[]): string | undefined {
  const { min, max, length } = limits.answers;
  if (question.trim() === "") return "A poll needs a question.";
  if (answers.length < min || answers.length > max)
    return `A poll has ${min} to ${max} answers, one in each line; here are ${answers.length}.`;
  if (answers.some((answer) => answer.length > length)) return `An answer has at most ${length} characters.`;
  if (new Set(answers).size < answers.length) return "Two answers are the same.";
  return undefined;
}
