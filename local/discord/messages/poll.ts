import type { Context } from "../context.ts";
import { type Fields, isFields } from "../validate/checks.ts";

const defaultHours = 24;

/** Returns a new poll as Discord stores it: answers with IDs, the time of its end, no votes. */
export function keepPoll({ clock }: Context, poll: unknown): object | undefined {
  if (!isFields(poll)) return undefined;
  const { question, answers, duration, allow_multiselect, layout_type } = poll;
  const hours = Number(duration ?? defaultHours);
  return {
    question,
    answers: (answers as Fields[]).map(({ poll_media }, index) => ({ answer_id: index + 1, poll_media })),
    expiry: new Date(clock.now() + hours * 3_600_000).toISOString(),
    allow_multiselect: allow_multiselect === true,
    layout_type: layout_type ?? 1,
    results: { is_finalized: false, answer_counts: [] },
  };
}
