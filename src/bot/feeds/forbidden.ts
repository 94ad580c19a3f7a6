import { DiscordApiError } from "../../discord/index.ts";

/** Returns whether Discord forbids a post, or does not know the channel. */
export const isForbidden = (error: unknown): error is DiscordApiError =>
  error instanceof DiscordApiError && (error.status === 403 || error.status === 404);
