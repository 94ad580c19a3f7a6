import { type RedisCommands, RedisReplyError, sendAgainIfUnknown } from "../redis/index.ts";
import { idOf, tokenOf } from "./token.ts";

/** The commands that mint and read tokens. */
export type TokenCommands = Pick<RedisCommands, "exec">;

export interface MintOptions {
  /** The token stream. */
  key: string;
  /** The stored value of the lease, by which the fence knows its holder. */
  value: string;
  /** The token is greater than this one. */
  above: number;
}

/**
 * Mints the fencing token of a lease that is held: the id of a new entry, the only one that the stream keeps. Minting
 * twice leaves a harmless gap. A key that holds another type, or an id that is too great for a token or is the last one, is replaced.
 * Cost: 1 command, 1 round trip. After the server's clock went back, 1 more of each when the id is not above `above`, or
 * has 1,000 others in its millisecond. 2 commands, 1 round trip more to replace the key.
 */
export async function mintToken(redis: TokenCommands, { key, value, above }: MintOptions): Promise<number> {
  const add = (id: string) => redis.exec<string>(["XADD", key, "MAXLEN", 1, id, "holder", value]);
  // Replacing is safe: no holder can have a token of an unreadable key.
  const replace = () => Promise.all([redis.exec(["UNLINK", key]), add("*")]);
  const added = await orIfUnreadable("", () => sendAgainIfUnknown(() => add("*")));
  const id = tokenOf(added) === undefined ? (await replace())[1] : added;
  const token = tokenOf(id);
  if (token === undefined) throw new RangeError(`Redis's clock is too far ahead for a fencing token: ${id}`);
  if (token > above && id === idOf(token)) return token;
  const next = Math.max(token, above) + 1;
  await add(idOf(next));
  return next;
}

/** Returns the newest token; 0 before the first one. Cost: 1 command, 1 round trip. */
export async function readToken(redis: TokenCommands, key: string): Promise<number> {
  const entries = await orIfUnreadable([], () => redis.exec<[id: string][]>(["XREVRANGE", key, "+", "-", "COUNT", 1]));
  return tokenOf(entries[0]?.[0] ?? "0-0") ?? 0;
}

// --- Internal helpers ---

/** Returns `fallback` when the key holds another type, or a stream that takes no further id. */
async function orIfUnreadable<T>(fallback: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RedisReplyError && (error.reply === "WRONGTYPE" || /exhausted/.test(error.message)))
      return fallback;
    throw error;
  }
}
