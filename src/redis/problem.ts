/**
 * Why Redis, or Upstash before it, refused a command. All but `damaged`, `too-large` and `other` hold for every command of its
 * kind until an operator acts.
 */
export type RedisProblem =
  /** The key holds a value of another type. */
  | "damaged"
  /** The plan's commands or bandwidth are used up. */
  | "quota"
  /** The database is full. */
  | "full"
  /** The token, or the replica it leads to, may only read. */
  | "read-only"
  /** The token is wrong. */
  | "token"
  /** The command, its key or its record exceeds a limit of the plan. */
  | "too-large"
  | "other";

/** The first match counts. Upstash's texts: https://upstash.com/docs/redis/troubleshooting */
const problems: readonly [RedisProblem, RegExp][] = [
  ["damaged", /\bWRONGTYPE\b/],
  ["quota", /\bmax (?:daily |monthly )?(?:requests?|commands?|bandwidth)(?: count)? (?:limit|quota) exceeded\b/i],
  ["full", /\bOOM\b|\b(?:capacity|storage|data size|database size) (?:quota |limit )?exceeded\b/i],
  ["too-large", /\bmax (?:request|single record|record|key|value) size exceeded\b/i],
  ["read-only", /\b(?:READONLY|NOPERM)\b|\bread[- ]only\b/],
  ["token", /\b(?:WRONGPASS|NOAUTH)\b|^(?:ERR )?unauthorized\b/i],
];

/** Returns the problem behind the text of an error reply. */
export const problemOf = (text: string): RedisProblem =>
  problems.find(([, pattern]) => pattern.test(text))?.[0] ?? "other";
