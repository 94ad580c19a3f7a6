/** Counts by series: a number, or a histogram: `[sumMs, one count for each bucket]`. */
export type Tally = Map<string, number | number[]>;

/** Upper bounds of a histogram's buckets, in milliseconds. One more bucket holds what was slower. */
export const boundsMs: readonly number[] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500];

/** A histogram as it is read. */
export interface Histogram {
  /** Not cumulated; one more than there are bounds. */
  buckets: number[];
  count: number;
  sumMs: number;
}

/** Returns the name of a series: `series("interactions", "/ping", "ok")`. Labels come from declarations, never from users. */
export function series(name: string, ...labels: readonly string[]): string {
  let key = name;
  for (const label of labels) key += `|${label.includes("|") ? label.replaceAll("|", "/") : label}`;
  return key;
}

/** Returns a series' name and its labels. */
export function partsOf(key: string): [name: string, ...labels: string[]] {
  const [name = "", ...labels] = key.split("|");
  return [name, ...labels];
}

export function addNumber(tally: Tally, key: string, by: number): void {
  const before = tally.get(key);
  tally.set(key, typeof before === "number" ? before + by : by);
}

/** Adds one duration to a histogram. */
export function addDuration(tally: Tally, key: string, ms: number): void {
  const known = tally.get(key);
  // Each interaction adds to one: a tally keeps its histograms to itself, so that one can change in place.
  const histogram = Array.isArray(known) ? known : emptyHistogram();
  const bucket = boundsMs.findIndex((bound) => ms <= bound);
  const at = 1 + (bucket < 0 ? boundsMs.length : bucket);
  histogram[0] = (histogram[0] ?? 0) + Math.round(ms);
  histogram[at] = (histogram[at] ?? 0) + 1;
  if (histogram !== known) tally.set(key, histogram);
}

/** Adds a value of a series to another: numbers add up, and so do histograms, bucket by bucket. */
export function addValue(tally: Tally, key: string, value: number | readonly number[]): void {
  if (typeof value === "number") return addNumber(tally, key, value);
  const known = tally.get(key);
  const histogram = Array.isArray(known) ? known : emptyHistogram();
  tally.set(
    key,
    histogram.map((count, index) => count + (value[index] ?? 0)),
  );
}

export function addAll(tally: Tally, more: Tally): void {
  for (const [key, value] of more) addValue(tally, key, value);
}

/** Returns a series that is a number; 0 where it was never counted. */
export function numberOf(tally: Tally, key: string): number {
  const value = tally.get(key);
  return typeof value === "number" ? value : 0;
}

/** Returns a series that is a histogram; an empty one where it was never counted. */
export function histogramOf(tally: Tally, key: string): Histogram {
  const value = tally.get(key);
  const [sumMs = 0, ...buckets] = Array.isArray(value) ? value : emptyHistogram();
  return { buckets, count: buckets.reduce((sum, count) => sum + count, 0), sumMs };
}

/** Returns the series of a name, with their labels. */
export const seriesOf = (tally: Tally, name: string): { labels: string[]; key: string }[] =>
  [...tally.keys()].flatMap((key) => {
    const [own, ...labels] = partsOf(key);
    return own === name ? [{ labels, key }] : [];
  });

export const writeTally = (tally: Tally): Record<string, number | number[]> => Object.fromEntries(tally);

/** Returns the counts in a record; `undefined` for what is no record of counts. */
export function readTally(value: unknown): Tally | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const tally: Tally = new Map();
  for (const [key, count] of Object.entries(value)) {
    if (!isCount(count) && !isHistogram(count)) return undefined;
    tally.set(key, count);
  }
  return tally;
}

// --- Internal helpers ---

const emptyHistogram = (): number[] => Array.from({ length: boundsMs.length + 2 }, () => 0);

const isCount = (value: unknown): value is number => Number.isFinite(value);

const isHistogram = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length === boundsMs.length + 2 && value.every(isCount);
