import { type RedisCommands, RedisUnknownOutcomeError } from "../redis/index.ts";

export type ClaimCommands = Pick<RedisCommands, "get" | "set">;

/**
 * Sets a key where nothing is stored. Returns null when it did, or else the stored value. `value` must be unique: after a
 * lost reply the stored value says whether it is ours.
 * Cost: 1 command, 1 round trip; after a lost reply 1 more, or 2 more where the command never arrived.
 */
export async function setOnce(redis: ClaimCommands, key: string, value: string, px: number): Promise<string | null> {
  const set = () => redis.set<string>(key, value, { nx: true, get: true, px });
  try {
    return await set();
  } catch (error) {
    if (!(error instanceof RedisUnknownOutcomeError)) throw error;
    const stored = await redis.get<string>(key);
    return stored === value ? null : (stored ?? (await set()));
  }
}
