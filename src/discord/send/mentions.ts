import { callbackType } from "../constants.ts";

/**
 * Returns a message that notifies no people, roles or `@everyone`, unless it says whom: an `allowed_mentions` stays as it is.
 *
 * @see https://docs.discord.com/developers/resources/message#allowed-mentions-object
 */
export const withoutMentions = <T extends object>(message: T): T & { allowed_mentions: object } => ({
  ...message,
  allowed_mentions: ("allowed_mentions" in message && (message.allowed_mentions as object | null)) || { parse: [] },
});

/** Returns the body of a call in which every message is without mentions, unless it says whom it mentions. */
export function quietBody(method: string, path: string, body: unknown): unknown {
  if (!isFields(body)) return body;
  const route = `${method} ${path.split("?")[0]}`;
  if (messageRoutes.some((pattern) => pattern.test(route))) return withoutMentions(body);
  const inner = threadRoute.test(route)
    ? "message"
    : callbackRoute.test(route) && hasMessage(body)
      ? "data"
      : undefined;
  const message = inner && body[inner];
  return inner && isFields(message) ? { ...body, [inner]: withoutMentions(message) } : body;
}

// --- Internal helpers ---

const messageRoutes = [
  /^POST \/channels\/[^/]+\/messages$/,
  /^PATCH \/channels\/[^/]+\/messages\/[^/]+$/,
  /^POST \/webhooks\/[^/]+\/[^/]+$/,
  /^PATCH \/webhooks\/[^/]+\/[^/]+\/messages\/[^/]+$/,
];
/** A post in a forum brings its first message. */
const threadRoute = /^POST \/channels\/[^/]+\/threads$/;
const callbackRoute = /^POST \/interactions\/[^/]+\/[^/]+\/callback$/;

const hasMessage = ({ type }: Fields): boolean => type === callbackType.message || type === callbackType.update;

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
