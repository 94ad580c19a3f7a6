/** The time there, or undefined for what is no time zone. */
export function timeIn(timeZone: string, now: number): string | undefined {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", weekday: "long" }).format(
      now,
    );
  } catch {
    return undefined;
  }
}
