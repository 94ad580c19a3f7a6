import type { ExchangeView } from "../../protocol.ts";

/** Discord gives up on an interaction after three seconds. */
export const limitMs = 3_000;

/** Returns what an exchange cost: `2 commands, 1 round trip`. */
export function billOf({ redis, rest }: ExchangeView): string {
  const commands = redis.reduce((sum, { billed }) => sum + billed, 0);
  return [
    `${commands} ${commands === 1 ? "command" : "commands"}, ${redis.length} ${redis.length === 1 ? "round trip" : "round trips"}`,
    ...(rest.length > 0 ? [`${rest.length} REST`] : []),
  ].join(" · ");
}

/** Returns JSON as people read it; any other text as it is. */
export function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
