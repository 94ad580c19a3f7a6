import {
  internalChannels,
  KeyReusedError,
  MessageTooLargeError,
  matchesChannel,
  PublishUncertainError,
  PubsubError,
  WrongTypeError,
} from "../pubsub/index.ts";

/** Returns what to use in place of a channel that is the bot's own; undefined for any other channel. */
export function insteadOf(channel: string): string | undefined {
  const found = Object.entries(internalChannels).find(([pattern]) => matchesChannel(pattern, channel));
  return found?.[1];
}

/** Returns the answer for a failure that pubsub names; undefined for any other. */
export function refusalOf(error: unknown): { status: 400 | 413 | 422 | 503; error: string } | undefined {
  if (error instanceof PublishUncertainError) {
    return {
      status: 503,
      error: "it may or may not have been published; under an Idempotency-Key it can be sent again",
    };
  }
  if (error instanceof WrongTypeError) return { status: 503, error: error.message };
  if (error instanceof KeyReusedError) return { status: 422, error: error.message };
  if (error instanceof MessageTooLargeError) return { status: 413, error: error.message };
  return error instanceof PubsubError ? { status: 400, error: error.message } : undefined;
}
