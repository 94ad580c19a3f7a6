import type { APIMessage, APIPoll } from "discord-api-types/v10";
import { LineError, type Simulator } from "../../discord/index.ts";
import type { WorldClock } from "./world-clock.ts";

/** Discord's own polls: votes, and their end. The application hears of neither over HTTP. */
export interface Polls {
  /** Watches for the end of a message's poll. */
  watch(message: APIMessage): void;
  /** Sets the answers that a person votes for. Throws a `LineError` for a vote that Discord's client does not take. */
  vote(personId: string, message: APIMessage, answers: readonly number[]): void;
  /** Returns the poll as a person sees it. */
  view(personId: string, messageId: string, poll: APIPoll): APIPoll;
}

export function createPolls(simulator: Pick<Simulator, "keepMessage" | "message">, clock: WorldClock): Polls {
  /** The answers by message and person. */
  const votes = new Map<string, Map<string, readonly number[]>>();

  function counted(messageId: string, poll: APIPoll, isFinal: boolean): APIPoll {
    const all = [...(votes.get(messageId)?.values() ?? [])].flat();
    const counts = poll.answers.flatMap(({ answer_id: id }) => {
      const count = all.filter((one) => one === id).length;
      return count > 0 ? [{ id, count, me_voted: false }] : [];
    });
    return { ...poll, results: { is_finalized: isFinal, answer_counts: counts } };
  }

  return {
    watch({ id, poll }) {
      if (!poll?.expiry || poll.results?.is_finalized) return;
      void clock.sleep(Date.parse(poll.expiry) - clock.now()).then(() => {
        const message = simulator.message(id);
        if (message?.poll) simulator.keepMessage({ ...message, poll: counted(id, message.poll, true) });
      });
    },
    vote(personId, message, answers) {
      const { poll } = message;
      if (!poll) throw new LineError("The message has no poll.");
      if (poll.results?.is_finalized) throw new LineError("The poll has ended.");
      const known = new Set(poll.answers.map(({ answer_id }) => answer_id));
      if (answers.some((answer) => !known.has(answer))) throw new LineError("The poll has no such answer.");
      if (answers.length > 1 && !poll.allow_multiselect) throw new LineError("The poll takes one answer.");
      const byPerson = votes.get(message.id) ?? new Map<string, readonly number[]>();
      byPerson.set(personId, [...new Set(answers)]);
      votes.set(message.id, byPerson);
      simulator.keepMessage({ ...message, poll: counted(message.id, poll, false) });
    },
    view(personId, messageId, poll) {
      const own = votes.get(messageId)?.get(personId) ?? [];
      const counts = (poll.results?.answer_counts ?? []).map((one) => ({ ...one, me_voted: own.includes(one.id) }));
      return { ...poll, results: { is_finalized: poll.results?.is_finalized ?? false, answer_counts: counts } };
    },
  };
}
