import { expect, it } from "vitest";
import { readFleet, readFleetStatus, type StatusSources } from "../../../../src/web/status/read-fleet-status.ts";
import { hour, instance, jobs, ledgerWith, minute, now } from "./support.ts";

const tenMinutes = 10 * minute;

/** An isolate "self" that has started an hour ago, alone and idle. Each part can be replaced. */
function sourcesWith(parts: Partial<StatusSources> = {}): StatusSources {
  return {
    clock: { now: () => now },
    self: { id: "self", startedAt: now - hour, breaker: "closed" },
    counts: async () => ledgerWith(),
    cluster: async () => ({ id: "self", isLeader: false, leader: null, token: 0, leaseLeftMs: 0, members: [] }),
    bus: async () => ({ name: "main", length: 3, groups: [] }),
    jobs: async () => ({ ...jobs, upcoming: [] }),
    hasHandler: () => true,
    spent: () => 0,
    ...parts,
  };
}

const isolates = (
  list: Record<string, { startedAt: number; seenAt: number; breaker?: "closed" | "open" | "half-open" }>,
) =>
  ledgerWith({
    isolates: new Map(
      Object.entries(list).map(([id, one]) => [id, { sequence: 1, breaker: "closed" as const, ...one }]),
    ),
  });

const self = { ...instance("self"), startedAt: now - hour, seenAt: now, isSelf: true, isMember: false };

it("returns every part, the sums it was read from, and what the reading cost", async () => {
  let commands = 5;
  const ledger = ledgerWith();
  const counts = async () => {
    commands += 4;
    return ledger;
  };
  const { status, ledger: read } = await readFleet(sourcesWith({ counts, spent: () => commands }));
  expect(read).toBe(ledger);
  expect(status).toMatchObject({
    at: now,
    level: "well",
    sentence: "All well: 1 instance, nothing late.",
    concerns: [],
    missing: [],
    instances: [self],
    leader: { id: null, token: 0, leaseLeftMs: 0 },
    commands: [],
    cache: [],
    sessions: [],
    streams: [{ name: "main", length: 3, groups: [] }],
    jobs: { ...jobs, rates: [] },
    redis: { breakers: { closed: 0, open: 0, halfOpen: 0 }, requests: 0 },
    discord: { requests: 0 },
    cost: { month: "2026-06" },
    reading: { commands: 4 },
  });
  expect(status.rates?.minutes).toHaveLength(60);
});

it.each([
  ["counts", "counts", ["rates", "commands", "cache", "sessions", "redis", "discord", "cost"]],
  ["cluster", "cluster", ["leader"]],
  ["bus", "streams", ["streams"]],
  ["jobs", "jobs", ["jobs"]],
] as const)("shows the rest where %s cannot be read, with the reason", async (source, part, missing) => {
  const sources = sourcesWith({ [source]: () => Promise.reject(new Error("no answer")) });
  const status = await readFleetStatus(sources);
  expect(status.missing).toEqual([{ part, reason: "no answer" }]);
  const isNull = Object.entries(status).flatMap(([name, value]) => (value === null ? [name] : []));
  expect(isNull.toSorted()).toEqual(missing.toSorted());
  expect(status.level).toBe("trouble");
  const rejected = await readFleetStatus(sourcesWith({ [source]: () => Promise.reject("no error") }));
  expect(rejected.missing).toEqual([{ part, reason: "no error" }]);
});

it("knows no instances where neither counts nor cluster can be read, and shows jobs without their rates", async () => {
  const fail = () => Promise.reject(new Error("no answer"));
  const status = await readFleetStatus(sourcesWith({ counts: fail, cluster: fail }));
  expect([status.instances, status.jobs?.rates]).toEqual([null, []]);
});

it("joins the isolates that reported, the members and the one that answers, the oldest first", async () => {
  const ledger = isolates({
    a: { startedAt: now - 3 * hour, seenAt: now - 5_000, breaker: "open" },
    b: { startedAt: now - 4 * hour, seenAt: now - 9_000 },
    gone: { startedAt: now - 5 * hour, seenAt: now - tenMinutes - 1 },
    y: { startedAt: now - 2 * hour, seenAt: now - tenMinutes },
    x: { startedAt: now - 2 * hour, seenAt: now - minute },
  });
  const member = { isLeader: false, isSelf: false, silentMs: 0 };
  const status = await readFleetStatus(
    sourcesWith({
      counts: async () => ledger,
      cluster: async () => ({
        id: "self",
        isLeader: false,
        leader: "a",
        token: 7,
        leaseLeftMs: 800,
        members: [
          { ...member, id: "a", joinedAt: now, seenAt: now - 1_000, about: "v2" },
          { ...member, id: "b", joinedAt: now, seenAt: now - 20_000, about: "v1" },
          { ...member, id: "c", joinedAt: now - minute, seenAt: now - 2_000, about: "" },
        ],
      }),
    }),
  );
  const other = { isSelf: false, isLeader: false, isMember: false, about: "", breaker: "closed" };
  expect(status.instances).toEqual([
    { ...other, id: "b", startedAt: now - 4 * hour, seenAt: now - 9_000, isMember: true, about: "v1" },
    {
      ...other,
      id: "a",
      startedAt: now - 3 * hour,
      seenAt: now - 1_000,
      isMember: true,
      about: "v2",
      isLeader: true,
      breaker: "open",
    },
    { ...other, id: "x", startedAt: now - 2 * hour, seenAt: now - minute },
    { ...other, id: "y", startedAt: now - 2 * hour, seenAt: now - tenMinutes },
    { ...other, id: "self", startedAt: now - hour, seenAt: now, isSelf: true },
    { ...other, id: "c", startedAt: now - minute, seenAt: now - 2_000, isMember: true, breaker: null },
  ]);
  expect(status.leader).toEqual({ id: "a", token: 7, leaseLeftMs: 800 });
  expect(status.redis?.breakers).toEqual({ closed: 3, open: 1, halfOpen: 0 });
});

it("takes the state of its own breaker from itself, and counts half-open ones", async () => {
  const ledger = isolates({
    self: { startedAt: now - 9, seenAt: now - minute, breaker: "closed" },
    a: { startedAt: now - 8, seenAt: now, breaker: "half-open" },
  });
  const breaker = "open" as const;
  const status = await readFleetStatus(
    sourcesWith({ counts: async () => ledger, self: { id: "self", startedAt: 1, breaker } }),
  );
  expect(status.instances?.[0]).toMatchObject({ id: "self", startedAt: now - 9, seenAt: now, breaker: "open" });
  expect(status.redis?.breakers).toEqual({ closed: 1, open: 0, halfOpen: 1 });
});

it("shows the next jobs, whether a feature does them, and what went wrong with those that recur", async () => {
  const job = {
    id: "1",
    kind: "remind",
    owner: "7",
    data: null,
    dueAt: now,
    createdAt: 1,
    isRunning: false,
    attempts: 2,
  };
  const every = { cron: "0 9 * * *", zone: "UTC" };
  const list = [job, { ...job, id: "2", kind: "gone", isRunning: true, every, failures: 3, problem: "no channel" }];
  const status = await readFleetStatus(
    sourcesWith({
      jobs: async () => ({ ...jobs, upcoming: [...list, { ...job, id: "3", every, problem: "" }] }),
      hasHandler: (kind) => kind === "remind",
    }),
  );
  const shown = {
    kind: "remind",
    owner: "7",
    dueAt: now,
    isRunning: false,
    attempts: 2,
    failures: 0,
    isOrphaned: false,
  };
  expect(status.jobs?.upcoming).toEqual([
    { ...shown, id: "1" },
    { ...shown, id: "2", kind: "gone", isRunning: true, failures: 3, isOrphaned: true, every, problem: "no channel" },
    { ...shown, id: "3", every },
  ]);
});
