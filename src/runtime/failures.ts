import { RedisError, RedisUnknownOutcomeError } from "../redis/index.ts";
import { SessionConflictError, SessionTooLargeError } from "../sessions/index.ts";

/** What a person reads of failures that are nobody's mistake, or that waiting cures. */
export function explainFailure(error: unknown): string | undefined {
  if (error instanceof RedisUnknownOutcomeError) {
    return "The bot's memory did not answer in time, so this may have been done or not. Look before you try again.";
  }
  if (error instanceof RedisError)
    return "The bot's memory does not answer at the moment. Please try again in a minute.";
  if (error instanceof SessionConflictError) return "Too many people did this at once. Please try again.";
  if (error instanceof SessionTooLargeError) return "There is no more room in this.";
  return undefined;
}
