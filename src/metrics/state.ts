import { addAll, addDuration, addNumber, type Tally } from "./tally.ts";

/** The isolate's counts that were not reported yet: plain data, shared by all its invocations. */
export interface MetricsState {
  /** By the minute in which they were counted, in minutes since 1970. */
  minutes: Map<number, Tally>;
  /** Work was counted since the last report. Ticks that found nothing to do, and reports, are none. */
  hasWorked: boolean;
  /** How many commands may be spent on metrics: a twentieth of all others, less what was spent. */
  credit: number;
  /** When the last report left, in epoch milliseconds; 0 before. */
  reportedAt: number;
  /** The number of the last report: one that arrives twice counts once. */
  sequence: number;
  /** The report that is on its way, or whose reply was lost: it is sent again as it is. */
  pending: { text: string; at: number } | undefined;
  /** The counters of other parts as of the last report, by series. */
  readonly seen: Map<string, number>;
}

/** A new isolate may report once; then commands earn reports. */
export const createMetricsState = (): MetricsState => ({
  minutes: new Map(),
  hasWorked: false,
  credit: 1,
  reportedAt: 0,
  sequence: 0,
  pending: undefined,
  seen: new Map(),
});

/** What collecting may cost, as a share of all other commands. */
const share = 0.05;
/** A quiet isolate saves no more than this for a busy time. */
const mostCredit = 3;
/** Names are bounded by what is declared; this bounds what a mistake would do. */
const mostSeries = 400;
/** An isolate without work reports nothing, and keeps this many minutes apart. */
const mostMinutes = 10;

/** Counts work. */
export function count(state: MetricsState, now: number, key: string, by = 1): void {
  state.hasWorked = true;
  note(state, now, key, by);
}

/** Counts something that is no work: it is reported with the next work. */
export function note(state: MetricsState, now: number, key: string, by = 1): void {
  const tally = tallyOf(state, now);
  if (tally.size < mostSeries || tally.has(key)) addNumber(tally, key, by);
}

/** Counts a duration of work, in milliseconds. */
export function observe(state: MetricsState, now: number, key: string, ms: number): void {
  const tally = tallyOf(state, now);
  if (tally.size < mostSeries || tally.has(key)) addDuration(tally, key, ms);
}

/** Takes commands that were billed into the account: those for metrics spend credit, all others earn it. */
export function account(state: MetricsState, commands: number, isForMetrics: boolean): void {
  const credit = state.credit + (isForMetrics ? -commands : commands * share);
  state.credit = Math.min(credit, mostCredit);
}

// --- Internal helpers ---

function tallyOf({ minutes }: MetricsState, now: number): Tally {
  const minute = Math.floor(now / 60_000);
  const known = minutes.get(minute);
  if (known) return known;
  const tally: Tally = new Map();
  minutes.set(minute, tally);
  if (minutes.size > mostMinutes) joinOldest(minutes);
  return tally;
}

function joinOldest(minutes: Map<number, Tally>): void {
  const [oldest = 0, second = 0] = [...minutes.keys()].toSorted((a, b) => a - b);
  const [from, to] = [minutes.get(oldest), minutes.get(second)];
  if (from && to) addAll(to, from);
  minutes.delete(oldest);
}
