/** Latencies in buckets that grow by a quarter: plain data of fixed size. A quantile is right to within 25 %. */
export interface Histogram {
  counts: number[];
  total: number;
}

const growth = 1.25;
const bucketCount = 48; // the last one begins near 36 s, far past any timeout

export const createHistogram = (): Histogram => ({ counts: Array.from({ length: bucketCount }, () => 0), total: 0 });

/** Counts one duration in milliseconds. */
export function record(histogram: Histogram, ms: number): void {
  const bucket = Math.min(bucketCount - 1, Math.ceil(Math.log(Math.max(ms, 1)) / Math.log(growth)));
  histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
  histogram.total += 1;
}

/** Returns the milliseconds within which a share `q` (0 to 1) of all durations stayed, rounded up to a bucket; 0 when empty. */
export function quantile(histogram: Histogram, q: number): number {
  let left = Math.ceil(histogram.total * q);
  for (const [bucket, count] of histogram.counts.entries()) {
    left -= count;
    if (left <= 0 && histogram.total > 0) return Math.round(growth ** bucket * 10) / 10;
  }
  return 0;
}
