const dayMs = 86_400_000;

/** Returns when a message was sent, as Discord shows it beside a name: `16:20`, `Yesterday at 16:20`, `26/11/2026, 16:20`. */
export function formatSent(at: number, now: number): string {
  const time = clockTime(at);
  if (isSameDay(at, now)) return time;
  if (isSameDay(at, now - dayMs)) return `Yesterday at ${time}`;
  return new Date(at).toLocaleString("en-GB", { dateStyle: "short", timeStyle: "short" });
}

export const clockTime = (at: number): string => new Date(at).toLocaleTimeString("en-GB", { timeStyle: "short" });

export const formatDay = (at: number): string => new Date(at).toLocaleDateString("en-GB", { dateStyle: "long" });

export const isSameDay = (one: number, other: number): boolean =>
  new Date(one).toDateString() === new Date(other).toDateString();
