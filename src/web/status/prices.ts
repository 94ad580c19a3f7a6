/**
 * Prices in US dollars. Read again when `readAt` is old, and change it with them.
 *
 * @see https://upstash.com/pricing/redis
 * @see https://developers.cloudflare.com/workers/platform/pricing/
 */
export const prices = {
  readAt: "2026-11-26",
  upstash: {
    /** Commands a month. */
    free: 500_000,
    /** Pay as you go, for each 100,000 commands. */
    per100k: 0.2,
    /** The smallest fixed plan, a month, with any number of commands. */
    fixed: 10,
  },
  workers: {
    /** Requests a day. */
    freePerDay: 100_000,
    /** The paid plan, a month. */
    paid: 5,
    /** Requests a month that the paid plan has in it, and what each million more comes to. */
    included: 10_000_000,
    perMillion: 0.3,
  },
} as const;

export type UpstashPlan = "free" | "pay as you go" | "fixed";

/** Returns the price of a month's commands under pay as you go; 0 within the free plan. */
export const payAsYouGo = (commands: number): number =>
  commands <= prices.upstash.free ? 0 : (commands / 100_000) * prices.upstash.per100k;

/** Returns the cheapest plan for a month's commands, and its price. */
export function cheapestPlan(commands: number): { plan: UpstashPlan; dollars: number } {
  const dollars = payAsYouGo(commands);
  if (dollars === 0) return { plan: "free", dollars };
  return dollars <= prices.upstash.fixed
    ? { plan: "pay as you go", dollars }
    : { plan: "fixed", dollars: prices.upstash.fixed };
}

/** Returns the price of a month's requests to Workers: 0 while the busiest day fits into the free plan. */
export function workersDollars(requests: number, perDay: number): number {
  const { freePerDay, paid, included, perMillion } = prices.workers;
  return perDay <= freePerDay ? 0 : paid + (Math.max(0, requests - included) / 1_000_000) * perMillion;
}
