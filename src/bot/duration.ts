import parseDuration from "parse-duration";

/** Returns a length of time such as `10m`, `1h30m` or `2 days` in milliseconds; `undefined` for any other text. */
export function readDuration(text: string): number | undefined {
  const ms = parseDuration(text);
  // The library takes digits alone for milliseconds, which no person means.
  return ms === null || ms === undefined || !(ms > 0) || /^\s*[\d.,]+\s*$/.test(text) ? undefined : Math.round(ms);
}
