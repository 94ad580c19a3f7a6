import { PublishUncertainError } from "../pubsub/index.ts";
import { RedisError, RedisUnknownOutcomeError } from "../redis/index.ts";
import { SessionConflictError, SessionTooLargeError } from "../sessions/index.ts";

/** Returns the sentence a person reads about a known failure; `undefined` for any other. */
export function explainFailure(error: unknown): string | undefined {
  if (error instanceof RedisUnknownOutcomeError || error instanceof PublishUncertainError) {
    return "The bot's memory did not answer in time, so this may or may not have been done. Check before you try again.";
  }
  if (error instanceof RedisError)
    return "The bot's memory does not answer at the moment. Please try again in a minute.";
  if (error instanceof SessionConflictError) return "Too many people did this at once. Please try again.";
  if (error instanceof SessionTooLargeError) return "This is full: there is no room for more.";
  return undefined;
}
