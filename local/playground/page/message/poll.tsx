import type { APIPoll } from "discord-api-types/v10";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatDistance } from "../../../render/markdown/time.ts";
import { useClient, useNow } from "../client/use-client.ts";
import { EmojiView } from "../components/choice-view.tsx";

/** A poll of Discord's own: its answers to choose from, and how many chose each. */
export function Poll({ messageId, poll }: { messageId: string; poll: APIPoll }): JSX.Element {
  const client = useClient();
  const now = useNow();
  const counts = poll.results?.answer_counts ?? [];
  const mine = counts.filter(({ me_voted }) => me_voted).map(({ id }) => id);
  const [chosen, choose] = useState<readonly number[]>([]);
  const endsAt = poll.expiry ? Date.parse(poll.expiry) : Number.NaN;
  const isOver = poll.results?.is_finalized === true || endsAt <= now();
  const isOpen = !isOver && mine.length === 0;
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const left = Number.isNaN(endsAt) ? [] : [`Ends ${formatDistance(endsAt - now())}`];
  const foot = [`${total} ${total === 1 ? "vote" : "votes"}`, ...(isOver ? ["Poll closed"] : left)].join(" • ");

  function toggle(answer: number): void {
    const others = chosen.filter((one) => one !== answer);
    if (others.length < chosen.length) choose(others);
    else choose(poll.allow_multiselect ? [...chosen, answer] : [answer]);
  }

  const vote = (answers: readonly number[]) => void client.act({ do: "vote", messageId, answers });
  return (
    <fieldset class="poll">
      <legend class="poll-question">{poll.question.text}</legend>
      <div class="poll-hint">{poll.allow_multiselect ? "Select one or more answers" : "Select one answer"}</div>
      {poll.answers.map(({ answer_id: answer, poll_media: { text, emoji } }) => {
        const count = counts.find(({ id }) => id === answer)?.count ?? 0;
        const share = total === 0 ? 0 : Math.round((100 * count) / total);
        return (
          <label key={answer} class={mine.includes(answer) ? "poll-answer is-mine" : "poll-answer"}>
            <progress class="poll-bar" max={100} value={isOpen ? 0 : share} aria-hidden="true" />
            {emoji && <EmojiView emoji={emoji} />}
            <span class="poll-text">{text}</span>
            {isOpen ? (
              <input
                type={poll.allow_multiselect ? "checkbox" : "radio"}
                name={`poll-${messageId}`}
                checked={chosen.includes(answer)}
                onChange={() => toggle(answer)}
              />
            ) : (
              <span class="poll-share">{`${count} ${count === 1 ? "vote" : "votes"} · ${share}%`}</span>
            )}
          </label>
        );
      })}
      <div class="poll-foot">
        <span class="poll-hint">{foot}</span>
        {isOpen && (
          <button type="button" class="button primary" disabled={chosen.length === 0} onClick={() => vote(chosen)}>
            Vote
          </button>
        )}
        {!isOpen && !isOver && (
          <button type="button" class="link" onClick={() => vote([])}>
            Remove vote
          </button>
        )}
      </div>
    </fieldset>
  );
}
