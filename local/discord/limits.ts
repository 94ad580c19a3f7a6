/** Discord waits this long, in milliseconds, for the answer to an interaction or a webhook event. */
export const answerWithinMs = 3_000;

/** An interaction's token can be used for this long, in milliseconds. */
export const tokenLifeMs = 15 * 60_000;
