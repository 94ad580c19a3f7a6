import parseDuration from "parse-duration";

/** A length of time such as `10m`, `1h30m` or `2 days`, in milliseconds; undefined for what is none. */
export function readDuration(text: string): number | undefined {
  const ms = parseDuration(text);
  // Digits alone would be milliseconds, which nobody means.
  return ms === null || ms === undefined || !(ms > 0) || /^\s*[\d.,]+\s*$/.test(text) ? undefined : Math.round(ms);
}
