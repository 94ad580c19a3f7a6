import { type Ledger, monthOf, numberOf, type Tally } from "../../metrics/index.ts";
import { type CostCause, type CostStatus, costCauses } from "./fleet-status.ts";
import { cheapestPlan, payAsYouGo, prices, workersDollars } from "./prices.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** What a tick costs that finds nothing to do. */
const idleTickCommands = 2;

/**
 * Returns what the month costs. An isolate that only ticks reports nothing, and most such isolates end before they do other
 * work: where fewer ticks were counted than there were minutes, the rest is added at what an idle tick costs.
 */
export function costOf({ months }: Ledger, now: number): CostStatus {
  const month = monthOf(now);
  const { since, counts } = months.get(month) ?? { since: now, counts: new Map() satisfies Tally };
  const counted = numberOf(counts, "requests|tick");
  const unreported = counted === 0 ? 0 : Math.max(0, Math.floor((now - since) / minuteMs) - counted);
  const estimatedIdle = unreported * idleTickCommands;
  const byCause = byEach(
    (cause) => numberOf(counts, `redis_commands|${cause}`) + (cause === "idle" ? estimatedIdle : 0),
  );
  const commands = sumOf(byCause);
  const requests = numberOf(counts, "requests|fetch") + counted + unreported;
  const project = projection(since, now);
  const projected = project(commands);
  const cheapest = cheapestPlan(projected);
  const perDay = Math.round((requests / Math.max(now - since, minuteMs)) * dayMs);
  const share = (part: number): number => (commands === 0 ? 0 : (part / commands) * payAsYouGo(projected));
  return {
    month,
    since,
    redis: {
      commands,
      byCause,
      estimatedIdle,
      projected,
      free: {
        commands: prices.upstash.free,
        share: commands / prices.upstash.free,
        projectedShare: projected / prices.upstash.free,
      },
      dollars: payAsYouGo(commands),
      projectedDollars: payAsYouGo(projected),
      dollarsByCause: byEach((cause) => share(byCause[cause])),
      cheapestPlan: cheapest.plan,
      cheapestDollars: cheapest.dollars,
    },
    workers: {
      requests,
      projected: project(requests),
      freePerDay: prices.workers.freePerDay,
      perDay,
      dollars: workersDollars(requests, perDay),
      projectedDollars: workersDollars(project(requests), perDay),
    },
    pricesOf: prices.readAt,
  };
}

// --- Internal helpers ---

const byEach = (of: (cause: CostCause) => number): Record<CostCause, number> =>
  Object.fromEntries(costCauses.map((cause) => [cause, of(cause)])) as Record<CostCause, number>;

const sumOf = (byCause: Record<CostCause, number>): number =>
  Object.values(byCause).reduce((sum, count) => sum + count, 0);

/** Returns a function that goes on at the rate since `since` until the month ends. */
function projection(since: number, now: number): (count: number) => number {
  const date = new Date(now);
  const end = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  // A burst in the first minutes says little of a month: before an hour has passed, an hour is assumed.
  const passed = Math.max(now - since, 60 * minuteMs);
  return (count) => Math.round(count + (count / passed) * Math.max(0, end - now));
}
