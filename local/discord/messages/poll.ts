import type { Context } from "../context.ts";
import { type Fields, isFields } from "../validate/checks.ts";

const usualHours = 24;

/** A poll as Discord keeps it: answers with their ids, the end as a moment, nobody's vote counted yet. */
export function keepPoll({ clock }: Context, poll: unknown): object | undefined {
  if (!isFields(poll)) return undefined;
  const { question, answers, duration, allow_multiselect, layout_type } = poll;
  const hours = Number(duration ?? usualHours);
  return {
    question,
    answers: (answers as Fields[]).map(({ poll_media }, index) => ({ answer_id: index + 1, poll_media })),
    expiry: new Date(clock.now() + hours * 3_600_000).toISOString(),
    allow_multiselect: allow_multiselect === true,
    layout_type: layout_type ?? 1,
    results: { is_finalized: false, answer_counts: [] },
  };
}
