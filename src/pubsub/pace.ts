/** How often to poll: quickly after a message came, ever more slowly while none comes. Plain data. */
export interface Pace {
  /** Polls since the last message. */
  quiet: number;
}

export interface PaceOptions {
  /** Between polls after a message came, in milliseconds. Default: 250. */
  fastMs?: number;
  /** Between polls when no message comes, in milliseconds. Default: 20,000. */
  slowMs?: number;
}

export const slow: Pace = { quiet: Number.POSITIVE_INFINITY };

/** Polls at `fastMs` before the interval doubles. */
const fastPolls = 4;

export const nextPace = (pace: Pace, hasCome: boolean): Pace => ({ quiet: hasCome ? 0 : pace.quiet + 1 });

/**
 * Returns how long to wait, in milliseconds: `fastMs` at first, then doubling up to `slowMs`. Adds up to a tenth at
 * random, so that readers that began together drift apart.
 */
export function pauseMs({ quiet }: Pace, random: number, { fastMs = 250, slowMs = 20_000 }: PaceOptions = {}): number {
  const ceiling = Math.min(slowMs, fastMs * 2 ** Math.max(0, quiet - fastPolls));
  return ceiling * (1 + random / 10);
}
