import type { APIPoll } from "discord-api-types/v10";
import type { JSX } from "preact";
import { formatDistance } from "../../../render/markdown/time.ts";
import { useNow } from "../client/use-client.ts";
import { CustomEmoji } from "../markdown/inlines.tsx";

/** A poll of Discord's own, as it stands. The simulator does not count votes in it. */
export function Poll({ poll }: { poll: APIPoll }): JSX.Element {
  const now = useNow();
  const counts = new Map(poll.results?.answer_counts.map(({ id, count }) => [id, count]));
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const endsAt = poll.expiry ? Date.parse(poll.expiry) : Number.NaN;
  const isOver = poll.results?.is_finalized === true || endsAt <= now();
  const left = Number.isNaN(endsAt) ? "" : ` • ${isOver ? "Poll closed" : `Ends ${formatDistance(endsAt - now())}`}`;
  return (
    <div class="poll">
      <div class="poll-question">{poll.question.text}</div>
      <div class="poll-hint">{poll.allow_multiselect ? "Select one or more answers" : "Select one answer"}</div>
      <ul class="poll-answers">
        {poll.answers.map(({ answer_id, poll_media: { text, emoji } }) => {
          const count = counts.get(answer_id) ?? 0;
          const share = total === 0 ? 0 : Math.round((100 * count) / total);
          return (
            <li key={answer_id} class="poll-answer">
              {emoji?.id ? <CustomEmoji id={emoji.id} name={emoji.name ?? ""} /> : emoji?.name}
              <span class="poll-text">{text}</span>
              <meter min={0} max={100} value={share} aria-label={`Votes for ${text ?? "the answer"}`} />
              <span class="poll-share">{share}%</span>
            </li>
          );
        })}
      </ul>
      <div class="poll-hint">{`${total} ${total === 1 ? "vote" : "votes"}${left}`}</div>
    </div>
  );
}
