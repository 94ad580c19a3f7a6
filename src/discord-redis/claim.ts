import { type RedisCommands, sendAgainIfUnknown } from "../redis/index.ts";

export type ClaimCommands = Pick<RedisCommands, "set">;

/**
 * Sets a key where nothing is stored. Returns null when it did, or else the stored value. `value` must be unique: sent again
 * after a lost reply, the command finds it where the first one stored it.
 * Cost: 1 command, 1 round trip; 1 more of each after a lost reply.
 */
export const setOnce = (redis: ClaimCommands, key: string, value: string, px: number): Promise<string | null> =>
  sendAgainIfUnknown(async () => {
    const stored = await redis.set<string>(key, value, { nx: true, get: true, px });
    return stored === value ? null : stored;
  });
