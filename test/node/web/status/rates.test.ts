import { expect, it } from "vitest";
import {
  cacheOf,
  commandsOf,
  discordOf,
  hourOf,
  jobRatesOf,
  ratesOf,
  redisOf,
  sessionsOf,
} from "../../../../src/web/status/rates.ts";
import { hour, latency, ledgerWith, minute, now } from "./support.ts";

const present = Math.floor(now / minute);
const tally = (counts: Record<string, number | number[]>) => new Map(Object.entries(counts));
/** A histogram as it is kept: its sum, and its ten buckets. */
const durations = (sumMs: number, ...buckets: number[]) => [
  sumMs,
  ...Array.from({ length: 10 }, (_, at) => buckets[at] ?? 0),
];

it("returns the sixty minutes up to the present one, and their sum", () => {
  const minutes = new Map([
    [present - 60, tally({ interactions: 100 })],
    [present - 59, tally({ interactions: 3, interaction_errors: 1, redis_commands: 7 })],
    [
      present,
      tally({
        interactions: 2,
        interaction_latency: durations(50, 1, 1),
        redis_commands: 5,
        redis_latency: durations(9, 4),
        discord_requests: 6,
      }),
    ],
    [present + 1, tally({ interactions: 100 })],
  ]);
  const rates = ratesOf(ledgerWith({ since: 1, minutes }), now);
  expect(rates.minutes).toHaveLength(60);
  expect(rates.minutes[0]).toEqual({
    at: (present - 59) * minute,
    interactions: 3,
    errors: 1,
    latency: latency(),
    redisCommands: 7,
    redisRequests: 0,
    discordRequests: 0,
  });
  expect(rates.minutes[59]).toEqual({
    at: present * minute,
    interactions: 2,
    errors: 0,
    latency: latency({ 0: 1, 1: 1 }, 50),
    redisCommands: 5,
    redisRequests: 4,
    discordRequests: 6,
  });
  expect(rates.total).toEqual({
    interactions: 5,
    errors: 1,
    latency: latency({ 0: 1, 1: 1 }, 50),
    redisCommands: 12,
    redisRequests: 4,
    discordRequests: 6,
  });
  expect(rates.since).toBe((present - 59) * minute);
});

it("counts since the first count where that is younger than an hour, and since now where there is none", () => {
  expect(ratesOf(ledgerWith({ since: now - 5 * minute }), now).since).toBe(now - 5 * minute);
  expect(ratesOf(ledgerWith({ since: now - 2 * hour }), now).since).toBe((present - 59) * minute);
  expect(ratesOf(ledgerWith(), now).since).toBe(now);
});

it("adds latencies up, bucket by bucket", () => {
  const minutes = new Map([
    [present - 1, tally({ interaction_latency: durations(10, 1, 0, 2) })],
    [present, tally({ interaction_latency: durations(30, 4, 1) })],
  ]);
  expect(ratesOf(ledgerWith({ minutes }), now).total.latency).toEqual(latency({ 0: 5, 1: 1, 2: 2 }, 40));
});

it("sums the last hour to ten minutes", () => {
  const ten = Math.floor(present / 10);
  const tens = new Map([-7, -6, -1, 0, 1].map((offset, index) => [ten + offset, tally({ a: 10 ** index })]));
  expect(hourOf(ledgerWith({ tens }), now).get("a")).toBe(1_110);
});

it("returns commands by outcome, the busiest first and then by name", () => {
  const commands = commandsOf(
    tally({
      "interactions|/b|command|ok": 1,
      "interactions|/c|modal|failed": 2,
      "interactions|/c|modal|refused": 3,
      "interactions|/a|command|duplicate": 1,
      "interactions|/d|other|unheard": 1,
      "interactions|/c|component|ok": 4,
      "interaction_latency|/c|modal": durations(70, 0, 1),
      other: 9,
    }),
  );
  const outcomes = { ok: 0, refused: 0, duplicate: 0, failed: 0 };
  expect(commands).toEqual([
    {
      command: "/c",
      kind: "modal",
      outcomes: { ...outcomes, failed: 2, refused: 3 },
      count: 5,
      latency: latency({ 1: 1 }, 70),
    },
    { command: "/c", kind: "component", outcomes: { ...outcomes, ok: 4 }, count: 4, latency: latency() },
    { command: "/a", kind: "command", outcomes: { ...outcomes, duplicate: 1 }, count: 1, latency: latency() },
    { command: "/b", kind: "command", outcomes: { ...outcomes, ok: 1 }, count: 1, latency: latency() },
    { command: "/d", kind: "unknown", outcomes, count: 1, latency: latency() },
  ]);
  expect(commandsOf(tally({ "interactions|/a|autocomplete|ok": 1 }))[0]?.kind).toBe("autocomplete");
});

it("returns reads and fetches of the cache by kind", () => {
  const rates = cacheOf(
    tally({
      "cache_reads|user|local": 1,
      "cache_reads|user|redis": 2,
      "cache_reads|user|stale": 3,
      "cache_reads|user|miss": 4,
      "cache_fetches|user|all": 5,
      "cache_fetches|user|failed": 6,
      "cache_fetches|guild|all": 7,
    }),
  );
  expect(rates).toEqual([
    { kind: "guild", local: 0, redis: 0, stale: 0, misses: 0, fetches: 7, failures: 0 },
    { kind: "user", local: 1, redis: 2, stale: 3, misses: 4, fetches: 5, failures: 6 },
  ]);
});

it("returns uses of sessions, and runs of jobs, by kind", () => {
  expect(
    sessionsOf(
      tally({
        "sessions|setup|created": 1,
        "sessions|setup|read": 2,
        "sessions|setup|updated": 3,
        "sessions|setup|ended": 4,
      }),
    ),
  ).toEqual([{ kind: "setup", created: 1, read: 2, updated: 3, ended: 4 }]);
  expect(
    jobRatesOf(
      tally({
        "job_runs|remind|done": 1,
        "job_runs|remind|retried": 2,
        "job_runs|remind|failed": 4,
        "job_runs|remind|dead": 8,
        "job_late|remind": durations(3, 1),
      }),
    ),
  ).toEqual([{ kind: "remind", done: 1, retried: 6, dead: 8, lateMs: latency({ 0: 1 }, 3) }]);
});

it("returns the requests to Redis, and how many commands a minute they are", () => {
  const counted = tally({ "redis|retries": 1, "redis|errors": 2, "redis|timeouts": 3, redis_latency: durations(5, 1) });
  const breakers = { closed: 1, open: 2, halfOpen: 3 };
  const rates = (since: number) => {
    const minutes = new Map([[present, tally({ redis_commands: 90, redis_latency: durations(5, 1) })]]);
    return ratesOf(ledgerWith({ since, minutes }), now);
  };
  expect(redisOf(counted, breakers, rates((present - 8) * minute))).toEqual({
    latency: latency({ 0: 1 }, 5),
    requests: 1,
    commands: 90,
    commandsPerMinute: 10,
    retries: 1,
    errors: 2,
    timeouts: 3,
    breakers,
  });
  expect(redisOf(counted, breakers, rates(now)).commandsPerMinute).toBe(90);
  const empty = { ...rates(now), minutes: [], since: now };
  expect(redisOf(counted, breakers, empty).commandsPerMinute).toBe(90);
});

it("returns the requests to Discord, what failed, and what Discord limited", () => {
  const counts = { "2xx": 1, "4xx": 2, "5xx": 4, none: 8, "429": 16 };
  const all = Object.entries(counts).map(([status, times]) => [`discord_requests|${status}`, times]);
  expect(discordOf(tally({ ...Object.fromEntries(all), discord_latency: durations(9, 0, 0, 1) }))).toEqual({
    requests: 31,
    errors: 14,
    rateLimited: 16,
    latency: latency({ 2: 1 }, 9),
  });
});
