const units: readonly (readonly [Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

const formats: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};

/** Returns a timestamp as Discord shows it in a style of `<t:…:style>`. Both times are epoch milliseconds. */
export function formatTime(at: number, style: string, now: number): string {
  return style === "R"
    ? formatDistance(at - now)
    : new Date(at).toLocaleString("en-GB", formats[style] ?? formats["f"]);
}

/** Returns a distance in time: `in 3 hours`, `5 minutes ago`. */
export function formatDistance(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.trunc(seconds / length), unit);
}
