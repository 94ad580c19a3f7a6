/** Returns weekday and time in a time zone, such as `Monday 18:30`; `undefined` for a name that is not a time zone. */
export function timeIn(timeZone: string, now: number): string | undefined {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", weekday: "long" }).format(
      now,
    );
  } catch {
    return undefined;
  }
}
