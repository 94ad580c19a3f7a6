import { costCauses, type FleetStatus, type Latency } from "../../src/web/status/fleet-status.ts";

const now = Date.UTC(2026, 10, 26, 14, 32, 5);
const minute = 60_000;
const latency = (count: number): Latency => ({
  buckets: [0.02, 0.1, 0.38, 0.3, 0.12, 0.05, 0.02, 0.01, 0, 0].map((share) => Math.round(share * count)),
  count,
  sumMs: count * 42,
});
const wave = (index: number, most: number) =>
  Math.round(most * (0.6 + 0.3 * Math.sin(index / 6) + 0.1 * Math.sin(index * 2)));
const byCause = (total: number) => {
  const shares = { interactions: 0.51, jobs: 0.19, bus: 0.11, idle: 0.13, dashboard: 0.04, metrics: 0.01, other: 0.01 };
  return Object.fromEntries(costCauses.map((cause) => [cause, total * shares[cause]])) as Record<
    (typeof costCauses)[number],
    number
  >;
};

/** A busy fleet with something of everything. */
export function busyFleet(instances = 4): FleetStatus {
  const minutes = Array.from({ length: 60 }, (_, index) => ({
    at: now - (59 - index) * minute,
    interactions: wave(index, 42),
    errors: index % 20 === 0 ? 1 : 0,
    latency: latency(wave(index, 42)),
    redisCommands: wave(index, 160),
    redisRequests: wave(index, 70),
    discordRequests: wave(index, 20),
  }));
  const sum = (pick: (one: (typeof minutes)[number]) => number) => minutes.reduce((total, one) => total + pick(one), 0);
  const interactions = sum((one) => one.interactions);
  return {
    at: now,
    level: "attention",
    sentence: `Needs a hand: 3 messages of feeds were given up. ${instances} instances, leader a1b2c3d4, 1 job late.`,
    concerns: [
      {
        kind: "breaker-open",
        severity: "trouble",
        text: "The circuit breaker of one instance is open: Redis did not answer it.",
      },
      {
        kind: "dead-letters",
        severity: "attention",
        text: "3 messages of the group feeds could not be delivered.",
        count: 3,
        about: "feeds",
      },
      { kind: "late-jobs", severity: "attention", text: "1 job is late, by 2 min.", count: 1 },
    ],
    missing: [],
    instances: Array.from({ length: instances }, (_, index) => ({
      id: `a1b2c3${(0xd4 + index).toString(16)}`,
      startedAt: now - (index + 1) * 17 * minute,
      seenAt: now - index * 7_000,
      isLeader: index === 0,
      isSelf: index === 1,
      isMember: true,
      about: "",
      breaker: index === 2 ? "open" : "closed",
    })),
    leader: { id: "a1b2c3d4", token: 4_127, leaseLeftMs: 8_400 },
    rates: {
      since: now - 60 * minute,
      minutes,
      total: {
        interactions,
        errors: 3,
        latency: latency(interactions),
        redisCommands: sum((one) => one.redisCommands),
        redisRequests: sum((one) => one.redisRequests),
        discordRequests: sum((one) => one.discordRequests),
      },
    },
    commands: ["/whois", "/ping", "poll/vote/:choice", "/remind me", "/feed follow", "/setup"].map(
      (command, index) => ({
        command,
        kind: "command",
        outcomes: { ok: 700 - index * 110, refused: index * 2, duplicate: 0, failed: index === 3 ? 3 : 0 },
        count: 700 - index * 108,
        latency: latency(700 - index * 108),
      }),
    ),
    cache: ["user", "guild", "member", "roles"].map((kind, index) => ({
      kind,
      local: 420 - index * 80,
      redis: 210 - index * 30,
      stale: index,
      misses: 31 - index * 4,
      fetches: 31 - index * 4,
      failures: index === 2 ? 2 : 0,
    })),
    sessions: [
      { kind: "setup", created: 12, read: 44, updated: 31, ended: 9 },
      { kind: "admin", created: 2, read: 61, updated: 1, ended: 1 },
    ],
    streams: [
      {
        name: "main",
        length: 8_112,
        groups: [
          {
            name: "feeds",
            lag: 4,
            pending: 2,
            consumers: [
              { name: "a1b2c3d4", pending: 2, idleMs: 1_400 },
              { name: "a1b2c3d5", pending: 0, idleMs: 64_000 },
            ],
            deadLetters: 3,
          },
        ],
      },
    ],
    jobs: {
      scheduled: 10_000,
      due: 2,
      running: 1,
      late: 1,
      latestMs: 123_000,
      dead: 7,
      unreadable: 0,
      nextAt: now - 123_000,
      upcoming: [
        {
          id: "j1",
          kind: "remind",
          owner: "1100000000000000011",
          dueAt: now - 123_000,
          isRunning: false,
          attempts: 2,
          failures: 0,
          isOrphaned: false,
        },
        {
          id: "j2",
          kind: "close-poll",
          owner: "1100000000000000012",
          dueAt: now - 800,
          isRunning: true,
          attempts: 0,
          failures: 0,
          isOrphaned: false,
        },
        {
          id: "j3",
          kind: "remind",
          owner: "1100000000000000015",
          dueAt: now + 42 * minute,
          isRunning: false,
          attempts: 0,
          every: { cron: "0 9 * * 1-5", zone: "Europe/Berlin" },
          failures: 2,
          problem: "Discord answered 403",
          isOrphaned: false,
        },
        {
          id: "j4",
          kind: "digest",
          owner: "1100000000000000002",
          dueAt: now + 130 * minute,
          isRunning: false,
          attempts: 0,
          failures: 0,
          isOrphaned: true,
        },
      ],
      rates: [{ kind: "remind", done: 88, retried: 3, dead: 1, lateMs: latency(88) }],
    },
    redis: {
      latency: latency(3_900),
      requests: 3_900,
      commands: 8_312,
      commandsPerMinute: 139,
      retries: 4,
      errors: 6,
      timeouts: 2,
      breakers: { closed: instances - 1, open: 1, halfOpen: 0 },
    },
    discord: { requests: 1_120, errors: 5, rateLimited: 2, latency: latency(1_120) },
    cost: {
      month: "2026-11",
      since: Date.UTC(2026, 10, 1),
      redis: {
        commands: 412_308,
        byCause: byCause(412_308),
        estimatedIdle: 51_000,
        projected: 483_900,
        free: { commands: 500_000, share: 0.825, projectedShare: 0.968 },
        dollars: 0,
        projectedDollars: 0.97,
        dollarsByCause: byCause(0.82),
        cheapestPlan: "free",
        cheapestDollars: 0,
      },
      workers: {
        requests: 118_204,
        projected: 138_700,
        freePerDay: 100_000,
        perDay: 4_620,
        dollars: 0,
        projectedDollars: 0,
      },
      pricesOf: "2026-11-26",
    },
    reading: { commands: 14 },
  };
}
