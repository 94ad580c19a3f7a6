/** The uses under one cooldown, in epoch milliseconds, the oldest first. */
export interface Uses {
  /** As it is stored. */
  readonly text: string;
  readonly times: readonly number[];
}

const pattern = /^\d{1,16}( \d{1,16})*$/;

/**
 * Reads a stored value; an unreadable one holds no uses. A time after `now`, written by an isolate whose clock is ahead,
 * counts as `now`, so that no use stays longer than a window.
 */
export function readUses(text: string, now: number): Uses {
  if (!pattern.test(text)) return { text, times: [] };
  return { text, times: text.split(" ").map((time) => Math.min(Number(time), now)) };
}

export const writeUses = (times: readonly number[]): Uses => ({ text: times.join(" "), times });

/** Returns the times of the uses in the window that ends now. */
export const usesWithin = (uses: Uses | undefined, now: number, windowMs: number): readonly number[] =>
  uses?.times.filter((at) => at > now - windowMs) ?? [];
