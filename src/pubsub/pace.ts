/** How often to ask when nothing tells: quickly after something came, ever more slowly when nothing does. Plain data. */
export interface Pace {
  /** Polls since something came. */
  quiet: number;
}

export interface PaceOptions {
  /** Between polls after something came, in milliseconds. */
  fastMs?: number;
  /** Between polls when nothing comes. */
  slowMs?: number;
}

export const slow: Pace = { quiet: Number.POSITIVE_INFINITY };

/** Polls at the fast interval before it begins to double. */
const fastPolls = 4;

export const nextPace = (pace: Pace, hasCome: boolean): Pace => ({ quiet: hasCome ? 0 : pace.quiet + 1 });

/**
 * How long to wait, in milliseconds: `fastMs` at first, then doubling up to `slowMs`, and up to a tenth more by chance, so that
 * those who began together drift apart.
 */
export function pauseMs({ quiet }: Pace, random: number, { fastMs = 250, slowMs = 20_000 }: PaceOptions = {}): number {
  const ceiling = Math.min(slowMs, fastMs * 2 ** Math.max(0, quiet - fastPolls));
  return ceiling * (1 + random / 10);
}
