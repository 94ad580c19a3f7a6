import {
  commandContext,
  ephemeral,
  guildOnly,
  hasPermissions,
  type Message,
  updateMessage,
} from "../../discord/index.ts";
import type { Session } from "../../sessions/index.ts";
import { command, component, modal } from "../kit.ts";
import { limits, type Poll, polls, showPoll, toggleVote } from "../poll.ts";

/** A vote among up to five answers. Its message carries the poll's id; who voted for what is in its session. */
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
  async run({ fields: { question, answers, several }, user }, { sessions }) {
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
    const poll = {
      question: question.trim(),
      answers: lines.map((text) => ({ text, voters: [] })),
      owner: user.id,
      several,
    };
    return show(await sessions.store(polls).create(poll));
  },
});

export const vote = component({
  id: "poll/vote/:choice<int>/:poll",
  async run(interaction, { sessions }) {
    const { params, user } = interaction;
    const store = sessions.store(polls);
    const ref = { id: params.poll };
    const toggle = (poll: Poll) => (poll.isClosed ? poll : toggleVote(poll, params.choice, user.id));
    // The click's own id: delivered twice it counts once, where a second toggle would take the vote back.
    const done = await store.update(ref, toggle, { writeId: interaction.id });
    if (!done.found) return over;
    if (done.attempts > 1) {
      // Of answers that cross each other on their way the last need not be the newest: the newest shows itself again.
      interaction.after(async () => {
        const latest = await store.get(ref);
        if (latest?.revision === done.session.revision) await interaction.edit(show(latest));
      });
    }
    return updateMessage(show(done.session));
  },
});

export const closePoll = component({
  id: "poll/close/:poll",
  async run({ params, user, member }, { sessions }) {
    const store = sessions.store(polls);
    const ref = { id: params.poll };
    const poll = await store.get(ref);
    if (!poll) return over;
    if (user.id !== poll.data.owner && !hasPermissions(member?.permissions, "ManageMessages")) {
      return ephemeral(`Only <@${poll.data.owner}>, who asked, and moderators can close this poll.`);
    }
    const closed = await store.update(ref, (data) => ({ ...data, isClosed: true }));
    return closed.found ? updateMessage(show(closed.session)) : over;
  },
});

// --- Internal helpers ---

const over = ephemeral("This poll is over: nobody voted for a month.");

const show = ({ id, data }: Session<Poll>): Message =>
  showPoll(data, { vote: (choice) => vote.id({ choice, poll: id }), close: closePoll.id({ poll: id }) });

function problemWith(question: Poll["question"], answers: readonly string[]): string | undefined {
  const { min, max, length } = limits.answers;
  if (question.trim() === "") return "A poll needs a question.";
  if (answers.length < min || answers.length > max)
    return `A poll has ${min} to ${max} answers, one in each line; here are ${answers.length}.`;
  if (answers.some((answer) => answer.length > length)) return `An answer has at most ${length} characters.`;
  if (new Set(answers).size < answers.length) return "Two answers are the same.";
  return undefined;
}
