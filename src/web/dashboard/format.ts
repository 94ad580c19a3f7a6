import { type Latency, latencyBoundsMs } from "../status/fleet-status.ts";

/** "1,234". */
export const number = (value: number): string => Math.round(value).toLocaleString("en-GB");

/** "$0.42". */
export const dollars = (value: number): string => `$${value.toFixed(2)}`;

/** "42 %", "0.5 %". */
export const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

/** "12 ms", "3.2 s", "5 min", "7 h", "2 d". */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  for (const [unit, size, most] of units) if (ms < most * size) return `${Math.round(ms / size)} ${unit}`;
  return `${number(ms / dayMs)} d`;
}

/** "in 5 min", "3 s ago". */
export const relative = (at: number, now: number): string =>
  at > now + 1_000 ? `in ${duration(at - now)}` : at > now - 1_000 ? "just now" : `${duration(now - at)} ago`;

/** "2026-11-26 14:32:05", in UTC; "unknown" for what no calendar shows, of a damaged record. */
export const instant = (at: number): string => isoOf(at)?.slice(0, 19).replace("T", " ") ?? "unknown";

/** "2026-11-26T14:32:05.123Z"; `undefined` for what no calendar shows. */
export function isoOf(at: number): string | undefined {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** "≤ 50 ms": the bucket that holds a share of the durations; "" without any. */
export function quantile({ buckets, count }: Latency, share: number): string {
  let seen = 0;
  for (const [index, bound] of latencyBoundsMs.entries()) {
    seen += buckets[index] ?? 0;
    if (count > 0 && seen >= share * count) return `\u2264 ${duration(bound)}`;
  }
  return count > 0 ? `> ${duration(latencyBoundsMs.at(-1) ?? 0)}` : "";
}

/** Returns a value as JSON for people to read, cut off after 2,000 characters. */
export function shownJson(value: unknown): string {
  const text = JSON.stringify(value, null, 1) ?? "null";
  return text.length > 2_000 ? `${text.slice(0, 2_000)} \u2026 (${number(text.length)} characters)` : text;
}

// --- Internal helpers ---

const dayMs = 86_400_000;
const units = [
  ["s", 1_000, 120],
  ["min", 60_000, 120],
  ["h", 3_600_000, 48],
] as const;
