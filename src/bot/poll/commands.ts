import { commandContext, ephemeral, guildOnly, hasPermissions, isUpTo, updateMessage } from "../../discord/index.ts";
import type { Invocation } from "../../runtime/index.ts";
import { type Session, type SessionStore, SessionTakenError, sessionIdFrom } from "../../sessions/index.ts";
import { type Later, readLater } from "../duration.ts";
import { command, component, modal } from "../kit.ts";
import { ownerOfJobs } from "./close-job.ts";
import { limits, type Poll, pollPatterns, polls, showPoll, toggleVote } from "./poll.ts";

/** Opens the form of a new poll. The poll's message carries its id; its session holds the votes. */
export const ask = command({
  name: "poll",
  description: "Ask everyone here",
  contexts: [commandContext.guild],
  options: [
    { type: "string", name: "question", description: "What to ask", max_length: limits.question },
    {
      type: "string",
      name: "closes",
      description: "Close after this long: 1h, 2 days (default: when you close it)",
      max_length: 50,
    },
  ],
  run({ options: { question, closes } }) {
    return form.show({
      ...(question !== undefined && { question: { value: question } }),
      ...(closes !== undefined && { closes: { value: closes } }),
    });
  },
});

export const form = modal({
  id: "poll/new",
  guards: [guildOnly],
  title: "New poll",
  fields: {
    question: { type: "text", label: "Question", max_length: limits.question },
    answers: {
      type: "text",
      style: "paragraph",
      label: "Answers",
      description: `One per line, ${limits.answers.min} to ${limits.answers.max} of them`,
      max_length: 400,
    },
    closes: {
      type: "text",
      label: "Closes after",
      description: "Such as 1h or 2 days (default: when you close it)",
      required: false,
      max_length: 50,
    },
    several: { type: "checkbox", label: "Several answers", description: "Everyone may choose more than one" },
  },
  async run(interaction, services) {
    const { fields, user, guildId, channelId } = interaction;
    const { question, answers, several, closes } = fields;
    const lines = answers
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
    const isTimed = closes.trim() !== "";
    const now = services.clock.now();
    const closing = isTimed ? readLater(closes, { zone: "UTC", now }) : undefined;
    const problem = problemWith(question, lines) ?? (closing && problemWithTime(closing, now));
    if (problem) {
      const typed = [question, ...lines].join("\n").replaceAll("`", "'");
      return ephemeral(
        `${problem} Nothing was posted. What you wrote, to try again with \`/poll\`:\n\`\`\`\n${typed}\n\`\`\``,
      );
    }
    const store = services.sessions.store(polls);
    // The form has its poll, however often it is delivered: another one would replace that in which people have voted.
    const session = await createOrFind(store, await sessionIdFrom(`poll ${interaction.id}`), {
      question: question.trim(),
      answers: lines.map((text) => ({ text, votes: {} })),
      owner: user.id,
      several,
      ...(channelId !== undefined && { channelId }),
      ...(closing && "dueAt" in closing && { closesAt: closing.dueAt }),
    });
    if (closing && !session.data.isClosed) {
      await closeLater(services, guildId, session);
      // The job that closes it edits its message, whose id Discord tells in answer to an edit only.
      interaction.after(async () => {
        const latest = await store.get({ id: session.id });
        const { id: messageId, channel_id: channelId } = await interaction.edit(showPoll(latest ?? session));
        await store.update({ id: session.id }, (poll) => ({ ...poll, message: { channelId, messageId } }));
      });
    }
    return showPoll(session);
  },
});

export const vote = component({
  id: pollPatterns.vote,
  async run(interaction, { sessions }) {
    const { id, params, user, channelId = "", message } = interaction;
    const store = sessions.store(polls);
    const ref = { id: params.poll };
    let problem: string | undefined;
    const count = (poll: Poll): Poll => {
      problem = problemWithPlace(poll, channelId);
      if (problem) return poll;
      const counted = toggleVote(poll, { choice: params.choice, voter: user.id, id });
      if (counted === "full") problem = full();
      // The job that closes it needs the message, whose id Discord may not have told yet.
      const isKnown = poll.message !== undefined || poll.closesAt === undefined;
      return {
        ...(counted === "full" ? poll : counted),
        ...(!isKnown && { message: { channelId, messageId: message.id } }),
      };
    };
    const done = await store.update(ref, count, { writeId: id });
    if (!done.found) return over;
    if (problem !== undefined) return ephemeral(problem);
    if (done.attempts > 1) {
      // Answers may overtake each other: the write that is newest shows itself once more.
      interaction.after(async () => {
        const latest = await store.get(ref);
        if (latest?.revision === done.session.revision) await interaction.edit(showPoll(latest));
      });
    }
    return updateMessage(showPoll(done.session));
  },
});

export const close = component({
  id: pollPatterns.close,
  async run({ params, user, member, channelId }, { sessions }) {
    const store = sessions.store(polls);
    const ref = { id: params.poll };
    const poll = await store.get(ref);
    if (!poll) return over;
    const problem = problemWithPlace(poll.data, channelId);
    if (problem) return ephemeral(problem);
    if (user.id !== poll.data.owner && !hasPermissions(member?.permissions, "ManageMessages")) {
      return ephemeral(`Only <@${poll.data.owner}>, who asked, and moderators can close this poll.`);
    }
    const closed = await store.update(ref, (data) => ({ ...data, isClosed: true }));
    return closed.found ? updateMessage(showPoll(closed.session)) : over;
  },
});

// --- Internal helpers ---

const over = ephemeral("This poll is over: no one has voted for a month.");

/** Made when it is said: the first number that `Intl` formats costs a new isolate milliseconds. */
const full = () =>
  `This poll is full: it has room for ${limits.votes.toLocaleString("en")} votes. It can still be closed.`;

/** Votes, and the permission to close it, count where the poll was asked. */
const problemWithPlace = (poll: Poll, channelId: string | undefined): string | undefined =>
  poll.channelId === undefined || poll.channelId === channelId
    ? undefined
    : "This poll was asked in another channel, so nothing was changed.";

/** Returns the poll that a first delivery created under this id, or a new one. */
async function createOrFind(store: SessionStore<Poll>, id: string, poll: Poll): Promise<Session<Poll>> {
  try {
    return await store.create(poll, { id });
  } catch (error) {
    const first = error instanceof SessionTakenError ? await store.get({ id }) : undefined;
    if (!first) throw error;
    return first;
  }
}

/** Schedules the job that closes a poll. */
async function closeLater(services: Invocation, guildId: string, { id, data }: Session<Poll>): Promise<void> {
  const job = { id: `poll:${id}`, kind: "close-poll", owner: ownerOfJobs(guildId), data: { poll: id, guildId } };
  await services.jobs.schedule({ ...job, dueAt: data.closesAt ?? services.clock.now() });
}

function problemWithTime(closing: Later, now: number): string | undefined {
  const bounds = "A poll closes after 10 seconds to 30 days.";
  if ("problem" in closing) return `${closing.problem} ${bounds}`;
  const openMs = closing.dueAt - now;
  return openMs < 10_000 || openMs > 30 * 24 * 60 * 60_000 ? bounds : undefined;
}

function problemWith(question: Poll["question"], answers: readonly string[]): string | undefined {
  const { min, max, length } = limits.answers;
  if (question.trim() === "") return "A poll needs a question.";
  if (answers.length < min || answers.length > max)
    return `A poll has ${min} to ${max} answers, one per line. This one has ${answers.length}.`;
  if (!answers.every((answer) => isUpTo(length, answer))) return `An answer has at most ${length} characters.`;
  if (new Set(answers).size < answers.length) return "Two answers are the same.";
  return undefined;
}
