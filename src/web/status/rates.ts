import { addAll, histogramOf, type Ledger, numberOf, seriesOf, type Tally } from "../../metrics/index.ts";
import type {
  CacheRate,
  CommandRate,
  DiscordStatus,
  JobsStatus,
  Latency,
  Minute,
  Rates,
  RedisStatus,
  SessionRate,
} from "./fleet-status.ts";

// Reads the series that `runtime/measures.ts` counts.

const minuteMs = 60_000;
const shownMinutes = 60;

/** Returns the last sixty minutes, the present one included. */
export function ratesOf({ minutes, since }: Ledger, now: number): Rates {
  const last = Math.floor(now / minuteMs);
  const shown = Array.from({ length: shownMinutes }, (_, index) => last - shownMinutes + 1 + index);
  const list = shown.map((minute) => minuteOf(minute * minuteMs, minutes.get(minute) ?? new Map()));
  const first = (shown[0] ?? last) * minuteMs;
  return { since: Math.max(since === 0 ? now : since, first), minutes: list, total: totalOf(list) };
}

/** Returns the counts of the last hour, to ten minutes. */
export function hourOf({ tens }: Ledger, now: number): Tally {
  const last = Math.floor(now / minuteMs / 10);
  const hour: Tally = new Map();
  for (const [ten, counts] of tens) {
    if (ten <= last - 7 || ten > last) continue;
    addAll(hour, counts);
  }
  return hour;
}

export function commandsOf(hour: Tally): CommandRate[] {
  const rates = new Map<string, CommandRate>();
  for (const { labels, key } of seriesOf(hour, "interactions")) {
    const [command = "", kind = "", outcome = ""] = labels;
    const rate = rates.get(`${command}|${kind}`) ?? {
      command,
      kind: kindOf(kind),
      outcomes: { ok: 0, refused: 0, duplicate: 0, failed: 0 },
      count: 0,
      latency: histogramOf(hour, `interaction_latency|${command}|${kind}`),
    };
    const times = numberOf(hour, key);
    if (isOutcome(outcome)) rate.outcomes[outcome] += times;
    rate.count += times;
    rates.set(`${command}|${kind}`, rate);
  }
  return [...rates.values()].toSorted((a, b) => b.count - a.count || (a.command < b.command ? -1 : 1));
}

export function cacheOf(hour: Tally): CacheRate[] {
  return kindsIn(hour, "cache_reads", "cache_fetches").map((kind) => ({
    kind,
    local: numberOf(hour, `cache_reads|${kind}|local`),
    redis: numberOf(hour, `cache_reads|${kind}|redis`),
    stale: numberOf(hour, `cache_reads|${kind}|stale`),
    misses: numberOf(hour, `cache_reads|${kind}|miss`),
    fetches: numberOf(hour, `cache_fetches|${kind}|all`),
    failures: numberOf(hour, `cache_fetches|${kind}|failed`),
  }));
}

export const sessionsOf = (hour: Tally): SessionRate[] =>
  kindsIn(hour, "sessions").map((kind) => ({
    kind,
    created: numberOf(hour, `sessions|${kind}|created`),
    read: numberOf(hour, `sessions|${kind}|read`),
    updated: numberOf(hour, `sessions|${kind}|updated`),
    ended: numberOf(hour, `sessions|${kind}|ended`),
  }));

export const jobRatesOf = (hour: Tally): JobsStatus["rates"] =>
  kindsIn(hour, "job_runs").map((kind) => ({
    kind,
    done: numberOf(hour, `job_runs|${kind}|done`),
    retried: numberOf(hour, `job_runs|${kind}|retried`) + numberOf(hour, `job_runs|${kind}|failed`),
    dead: numberOf(hour, `job_runs|${kind}|dead`),
    lateMs: histogramOf(hour, `job_late|${kind}`),
  }));

export function redisOf(hour: Tally, breakers: RedisStatus["breakers"], { total, since, minutes }: Rates): RedisStatus {
  const until = (minutes.at(-1)?.at ?? since) + minuteMs;
  return {
    latency: histogramOf(hour, "redis_latency"),
    requests: total.redisRequests,
    commands: total.redisCommands,
    commandsPerMinute: Math.round(total.redisCommands / Math.max(1, (until - since) / minuteMs)),
    retries: numberOf(hour, "redis|retries"),
    errors: numberOf(hour, "redis|errors"),
    timeouts: numberOf(hour, "redis|timeouts"),
    breakers,
  };
}

export function discordOf(hour: Tally): DiscordStatus {
  const all = seriesOf(hour, "discord_requests").map(({ labels: [status = ""], key }) => ({
    status,
    times: numberOf(hour, key),
  }));
  const sum = (wanted: (status: string) => boolean): number =>
    all.reduce((total, { status, times }) => total + (wanted(status) ? times : 0), 0);
  return {
    requests: sum(() => true),
    errors: sum((status) => ["4xx", "5xx", "none"].includes(status)),
    rateLimited: sum((status) => status === "429"),
    latency: histogramOf(hour, "discord_latency"),
  };
}

// --- Internal helpers ---

function minuteOf(at: number, counts: Tally): Minute {
  return {
    at,
    interactions: numberOf(counts, "interactions"),
    errors: numberOf(counts, "interaction_errors"),
    latency: histogramOf(counts, "interaction_latency"),
    redisCommands: numberOf(counts, "redis_commands"),
    redisRequests: histogramOf(counts, "redis_latency").count,
    discordRequests: numberOf(counts, "discord_requests"),
  };
}

function totalOf(minutes: readonly Minute[]): Rates["total"] {
  const sum = (of: (minute: Minute) => number): number => minutes.reduce((total, minute) => total + of(minute), 0);
  return {
    interactions: sum(({ interactions }) => interactions),
    errors: sum(({ errors }) => errors),
    latency: minutes.map(({ latency }) => latency).reduce(addLatency),
    redisCommands: sum(({ redisCommands }) => redisCommands),
    redisRequests: sum(({ redisRequests }) => redisRequests),
    discordRequests: sum(({ discordRequests }) => discordRequests),
  };
}

const addLatency = (a: Latency, b: Latency): Latency => ({
  buckets: a.buckets.map((count, index) => count + (b.buckets[index] ?? 0)),
  count: a.count + b.count,
  sumMs: a.sumMs + b.sumMs,
});

/** Returns the first labels of some series, each once, in order. */
const kindsIn = (tally: Tally, ...names: readonly string[]): string[] =>
  [...new Set(names.flatMap((name) => seriesOf(tally, name)).map(({ labels: [kind = ""] }) => kind))].toSorted();

const isOutcome = (text: string): text is keyof CommandRate["outcomes"] =>
  ["ok", "refused", "duplicate", "failed"].includes(text);

const kindOf = (text: string): CommandRate["kind"] =>
  (["command", "component", "modal", "autocomplete"] as const).find((kind) => kind === text) ?? "unknown";
