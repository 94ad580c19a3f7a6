const discordEpoch = 1_420_070_400_000n;

/** Returns a function that makes IDs as Discord does: increasing, the milliseconds since 2015 in the upper bits. */
export function createSnowflakes(now: () => number): () => string {
  let last = 0n;
  return () => {
    const next = (BigInt(now()) - discordEpoch) << 22n;
    last = next > last ? next : last + 1n;
    return String(last);
  };
}

/** Returns when an ID was made, in epoch milliseconds. */
export const snowflakeTime = (id: string): number => Number((BigInt(id) >> 22n) + discordEpoch);

export const isSnowflake = (text: string): boolean => /^\d{17,20}$/.test(text);
