import { CacheBusyError, CacheFetchFailedError, CacheTimeoutError } from "../cache/index.ts";
import { DiscordRateLimitError } from "../discord/index.ts";
import { PublishUncertainError, WrongTypeError } from "../pubsub/index.ts";
import {
  RedisBusyError,
  RedisError,
  RedisGateTimeoutError,
  type RedisProblem,
  RedisReplyError,
  RedisUnauthorizedError,
  RedisUnknownOutcomeError,
} from "../redis/index.ts";
import { SessionConflictError, SessionTooLargeError } from "../sessions/index.ts";

/** Returns the sentence a person reads about a known failure; `undefined` for any other. */
export function explainFailure(error: unknown): string | undefined {
  const problem = redisProblem(error);
  if (problem) return refusals[problem];
  if (error instanceof RedisUnknownOutcomeError || error instanceof PublishUncertainError) {
    return "The bot's memory did not answer in time, so this may or may not have been done. Check before you try again.";
  }
  if (error instanceof RedisBusyError || error instanceof RedisGateTimeoutError) return busy;
  if (error instanceof WrongTypeError) return refusals.damaged;
  if (error instanceof RedisError)
    return "The bot's memory does not answer at the moment. Please try again in a minute.";
  if (error instanceof CacheBusyError) return busy;
  if (error instanceof CacheTimeoutError) return "Looking this up took too long. Please try again in a few seconds.";
  if (error instanceof CacheFetchFailedError)
    return "Looking this up failed a moment ago. Please try again in a few seconds.";
  if (error instanceof DiscordRateLimitError)
    return "Discord is limiting the bot's requests at the moment. Please try again in a few seconds.";
  if (error instanceof SessionConflictError) return "Too many people did this at once. Please try again.";
  if (error instanceof SessionTooLargeError) return "This is full: there is no room for more.";
  return undefined;
}

/** Returns the problem that only an operator can solve, with its cure for the log; `undefined` for any other error. */
export function explainProblem(error: unknown): { problem: RedisProblem; cure: string } | undefined {
  const problem = redisProblem(error);
  return problem && { problem, cure: cures[problem] };
}

// --- Internal helpers ---

function redisProblem(error: unknown): RedisProblem | undefined {
  if (error instanceof RedisReplyError) return error.problem;
  return error instanceof RedisUnauthorizedError ? "token" : undefined;
}

const busy = "The bot has too much to do at the moment. Please try again in a few seconds.";

const refusals: Record<RedisProblem, string> = {
  damaged: "The bot cannot read what it kept for this. Its developers have to repair that record.",
  quota:
    "The bot has used up what its memory's plan allows. Its developers have to raise the plan, or wait until it renews.",
  full: "The bot's memory is full, so nothing new can be kept. Its developers have to make room.",
  "read-only": "The bot may read its memory but not write to it. Its developers have to correct its access.",
  token: "The bot's memory refuses the bot's token. Its developers have to correct it.",
  "too-large": "This is too large for the bot's memory.",
  other: "The bot's memory refused this. The log says why.",
};

const cures: Record<RedisProblem, string> = {
  damaged: "A key holds a value of another type. Delete or repair it; nothing else is affected.",
  quota:
    "The plan's commands or bandwidth are used up. Raise the plan or its budget in Upstash's console, or wait until it renews.",
  full: "The database is full. Make room, or raise the plan.",
  "read-only": "UPSTASH_REDIS_REST_TOKEN may only read. Use the standard token.",
  token: "Check UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN.",
  "too-large": "A command, its key or its record exceeds a limit of the plan.",
  other: "Redis's own text says why.",
};
