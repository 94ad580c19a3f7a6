import { describe, expect, it } from "vitest";
import { concernsOf, levelOf, sentenceOf } from "../../../../src/web/status/concerns.ts";
import { costOf } from "../../../../src/web/status/cost.ts";
import type { Concern, FleetStatus } from "../../../../src/web/status/fleet-status.ts";
import { instance, jobs, latency, ledgerWith, minute, now, type ReadStatus, redis, statusWith } from "./support.ts";

const concerns = (parts: Partial<ReadStatus>): Concern[] => concernsOf(statusWith(parts));

const upcoming = (id: string, more: Partial<(typeof jobs)["upcoming"][number]> = {}) => ({
  id,
  kind: "digest",
  owner: "7",
  dueAt: now,
  isRunning: false,
  attempts: 0,
  failures: 0,
  isOrphaned: false,
  ...more,
});

const ratesWith = (interactions: number, errors: number): FleetStatus["rates"] => ({
  since: now,
  minutes: [],
  total: { interactions, errors, latency: latency(), redisCommands: 0, redisRequests: 0, discordRequests: 0 },
});

const commandWith = (command: string, failed: number): NonNullable<FleetStatus["commands"]>[number] => ({
  command,
  kind: "command",
  outcomes: { ok: 0, refused: 0, duplicate: 0, failed },
  count: failed,
  latency: latency(),
});

const groupWith = (name: string, more: object = {}): NonNullable<FleetStatus["streams"]> => [
  { name: "main", length: 0, groups: [{ name, lag: 0, pending: 0, consumers: [], deadLetters: 0, ...more }] },
];

/** The cost of a month in which this many commands were sent. */
const costWith = (commands: number) =>
  costOf(
    ledgerWith({
      months: new Map([["2026-06", { since: now, counts: new Map([["redis_commands|jobs", commands]]) }]]),
    }),
    now,
  );

describe("concernsOf", () => {
  it("returns none where nothing is wrong, or nothing could be read", () => {
    expect(concerns({})).toEqual([]);
    expect(
      concerns({ jobs, redis, rates: ratesWith(10, 0), commands: [], instances: [], streams: groupWith("feeds") }),
    ).toEqual([]);
  });

  it("says which part could not be read, and why", () => {
    expect(concerns({ missing: [{ part: "jobs", reason: "WRONGTYPE" }] })).toEqual([
      { kind: "unread-part", severity: "trouble", text: "The jobs could not be read: WRONGTYPE.", about: "jobs" },
    ]);
  });

  it.each([
    [{ closed: 3, open: 1, halfOpen: 0 }, 1, "1 instance has"],
    [{ closed: 0, open: 0, halfOpen: 1 }, 1, "1 instance has"],
    [{ closed: 0, open: 2, halfOpen: 1 }, 3, "3 instances have"],
  ])("counts the instances whose breaker is not closed: %j", (breakers, count, words) => {
    expect(concerns({ redis: { ...redis, breakers } })).toEqual([
      {
        kind: "breaker-open",
        severity: "trouble",
        text: `${words} stopped asking Redis, which did not answer. They try again by themselves.`,
        count,
      },
    ]);
  });

  it.each([
    [2, 2, false],
    [3, 59, true],
    [3, 60, false],
    [6, 120, false],
    [7, 120, true],
  ])("says that requests to Redis fail from three on and above 5 %%: %i of %i", (errors, requests, isSaid) => {
    expect(concerns({ redis: { ...redis, errors, requests } })).toEqual(
      isSaid
        ? [
            {
              kind: "redis-failing",
              severity: "trouble",
              text: `${errors} of ${requests} requests to Redis failed in the last hour. The log says why.`,
              count: errors,
            },
          ]
        : [],
    );
  });

  it("says that the leader was not heard of, unless none leads or the instances are unknown", () => {
    const leader = { id: "a1", token: 3, leaseLeftMs: 12_400 };
    expect(concerns({ leader, instances: [instance("b2")] })).toEqual([
      {
        kind: "leader-gone",
        severity: "attention",
        text: "The leader a1 was not heard of for ten minutes. Another takes over in 12 s.",
        about: "a1",
      },
    ]);
    expect(concerns({ leader, instances: [instance("b2"), instance("a1")] })).toEqual([]);
    expect(concerns({ leader, instances: null })).toEqual([]);
    expect(concerns({ leader: null, instances: [instance("b2")] })).toEqual([]);
    expect(concerns({ leader: { ...leader, id: null }, instances: [instance("b2")] })).toEqual([]);
  });

  it.each([
    [1, 31_400, "1 job is late, by up to 31 s."],
    [2, 119_999, "2 jobs are late, by up to 120 s."],
    [2, 120_000, "2 jobs are late, by up to 2 min."],
    [3, 9 * minute, "3 jobs are late, by up to 9 min."],
  ])("says how many jobs are late, and by how long: %i by %i ms", (late, latestMs, text) => {
    expect(concerns({ jobs: { ...jobs, late, latestMs } })).toEqual([
      { kind: "late-jobs", severity: "trouble", text: `${text} Does the cron trigger run?`, count: late },
    ]);
  });

  it("counts jobs that were given up, and records that could not be read", () => {
    expect(concerns({ jobs: { ...jobs, dead: 1, unreadable: 1 } })).toEqual([
      {
        kind: "dead-jobs",
        severity: "attention",
        text: "1 job was given up. Try them again, or drop them.",
        count: 1,
      },
      {
        kind: "unreadable-jobs",
        severity: "attention",
        text: "1 stored job could not be read and was set aside. The log names them.",
        count: 1,
      },
    ]);
    expect(concerns({ jobs: { ...jobs, dead: 2, unreadable: 2 } }).map(({ text }) => text)).toEqual([
      "2 jobs were given up. Try them again, or drop them.",
      "2 stored jobs could not be read and were set aside. The log names them.",
    ]);
  });

  it("names each kind without a feature once, and each recurring job that failed", () => {
    const list = [
      upcoming("a", { kind: "gone", isOrphaned: true }),
      upcoming("b", { kind: "gone", isOrphaned: true }),
      upcoming("c"),
      upcoming("d", { failures: 1 }),
      upcoming("e", { failures: 4 }),
    ];
    expect(concerns({ jobs: { ...jobs, upcoming: list } })).toEqual([
      {
        kind: "orphaned-job",
        severity: "attention",
        text: "No feature does jobs of the kind gone. Bring the feature back, or cancel them.",
        about: "gone",
      },
      {
        kind: "failing-recurrence",
        severity: "attention",
        text: "The recurring job d (digest) has failed 1 time in a row.",
        count: 1,
        about: "d",
      },
      {
        kind: "failing-recurrence",
        severity: "attention",
        text: "The recurring job e (digest) has failed 4 times in a row.",
        count: 4,
        about: "e",
      },
    ]);
  });

  it("counts the dead letters of a group", () => {
    expect(concerns({ streams: groupWith("feeds", { deadLetters: 1 }) })).toEqual([
      {
        kind: "dead-letters",
        severity: "attention",
        text: "1 message of the group feeds could not be delivered. Replay them, or drop them.",
        count: 1,
        about: "feeds",
      },
    ]);
    expect(concerns({ streams: groupWith("feeds", { deadLetters: 2 }) })[0]?.text).toMatch(/^2 messages of/);
  });

  it("counts messages whose worker was silent for more than five minutes, and no others", () => {
    const consumers = [
      { name: "a", pending: 2, idleMs: 300_001 },
      { name: "b", pending: 4, idleMs: 300_000 },
      { name: "c", pending: 0, idleMs: 900_000 },
      { name: "d", pending: 1, idleMs: 900_000 },
    ];
    expect(concerns({ streams: groupWith("feeds", { consumers }) })).toEqual([
      {
        kind: "stuck-messages",
        severity: "attention",
        text: "3 messages of the group feeds wait since its worker stopped.",
        count: 3,
        about: "feeds",
      },
    ]);
    expect(concerns({ streams: groupWith("feeds", { consumers: consumers.slice(3) }) })[0]?.text).toBe(
      "1 message of the group feeds waits since its worker stopped.",
    );
  });

  it.each([
    [100, 2, false],
    [59, 3, true],
    [60, 3, false],
    [200, 10, false],
    [200, 11, true],
  ])("says that interactions fail from three on and above 5 %%: of %i, %i", (interactions, errors, isSaid) => {
    const commands = [commandWith("/ping", 1), commandWith("/poll", 9), commandWith("/remind", 2)];
    expect(concerns({ rates: ratesWith(interactions, errors), commands })).toEqual(
      isSaid
        ? [
            {
              kind: "errors",
              severity: "trouble",
              text: `${errors} of ${interactions} interactions failed in the last hour, most of them at /poll. The log has the references.`,
              count: errors,
            },
          ]
        : [],
    );
    if (isSaid) {
      expect(concerns({ rates: ratesWith(interactions, errors) })[0]?.text).toContain("failed in the last hour. The");
    }
  });

  it("says that Discord limited requests", () => {
    const discord = { requests: 9, errors: 0, rateLimited: 1, latency: latency() };
    expect(concerns({ discord })).toEqual([
      {
        kind: "rate-limited",
        severity: "attention",
        text: "Discord limited 1 request in the last hour.",
        count: 1,
      },
    ]);
    expect(concerns({ discord: { ...discord, rateLimited: 2 } })[0]?.text).toBe(
      "Discord limited 2 requests in the last hour.",
    );
    expect(concerns({ discord: { ...discord, rateLimited: 0 } })).toEqual([]);
  });

  it.each([
    [399_999, undefined],
    [400_000, "80 %"],
    [499_000, "100 %"],
    [525_000, "105 %"],
    [525_001, undefined],
  ])("says how much of the free month is used up, unless the plan is a paid one: %i commands", (commands, share) => {
    expect(concerns({ cost: costWith(commands) })).toEqual(
      share === undefined
        ? []
        : [
            {
              kind: "free-tier",
              severity: "attention",
              text: `${share} of Upstash's free month is used up. On the free plan Redis refuses more than that.`,
            },
          ],
    );
  });

  it("returns trouble before what can wait", () => {
    const found = concerns({ jobs: { ...jobs, dead: 1 }, rates: ratesWith(3, 3), redis: { ...redis, errors: 5 } });
    expect(found.map(({ kind }) => kind)).toEqual(["redis-failing", "errors", "dead-jobs"]);
  });
});

describe("levelOf and sentenceOf", () => {
  const attention: Concern = { kind: "dead-jobs", severity: "attention", text: "1 job was given up." };
  const trouble: Concern = { kind: "late-jobs", severity: "trouble", text: "1 job is late." };

  it("go by the worst concern, and count the others", () => {
    expect([levelOf([]), levelOf([attention]), levelOf([trouble, attention])]).toEqual([
      "well",
      "attention",
      "trouble",
    ]);
    const sentence = (...list: Concern[]) => sentenceOf(statusWith(), list);
    expect(sentence(attention)).toBe("Needs a look: 1 job was given up.");
    expect(sentence(trouble, attention)).toBe("Trouble: 1 job is late. 1 other thing needs a look.");
    expect(sentence(trouble, attention, attention)).toBe("Trouble: 1 job is late. 2 other things need a look.");
  });

  it("name the instances, the leader and the jobs where all is well", () => {
    const leader = { id: "a1", token: 1, leaseLeftMs: 1 };
    const sentence = (parts: Partial<ReadStatus>) => sentenceOf(statusWith(parts), []);
    expect(sentence({ instances: [instance("a"), instance("b")], leader, jobs })).toBe(
      "All well: 2 instances, leader a1, nothing late.",
    );
    expect(sentence({ instances: [instance("a")], leader: { ...leader, id: null } })).toBe("All well: 1 instance.");
    expect(sentence({ jobs })).toBe("All well: nothing late.");
  });
});
