import {
  type Coordination,
  createCoordination,
  createCoordinationState,
  leaseTiming,
} from "../src/coordination/index.ts";
import { createJobRunner, createJobs, createJobsState, type JobsState } from "../src/jobs/index.ts";
import { createFleet, type Fleet, type Member } from "../test/simulation/fleet.ts";
import { calm } from "../test/simulation/network.ts";
import { createRandom } from "../test/simulation/random.ts";
import { count, print } from "./statistics.ts";

// On the simulator's clock: measures how long the protocol takes, in units of the lease, and its cost.

const timing = leaseTiming({ leaseMs: 30_000 });
const rounds = 200;
const minuteMs = 60_000;

export async function benchCoordination(): Promise<void> {
  print(`coordination, on a simulated clock, ${rounds} rounds each; in units of the lease: median, worst`);
  print(`  leader frozen -> next one acts    ${await spread((seed) => failOver(seed, "freeze"))}`);
  print(`  leader dies -> next one acts      ${await spread((seed) => failOver(seed, "die"))}`);
  print(`  leader leaves -> next one acts    ${await spread(handOver)}`);
  print(`  an idle deployment                ${await idle()}`);
  print(`  a reminder, scheduled and sent    ${await reminders()}`);
}

// --- Internal helpers ---

async function spread(measure: (seed: number) => Promise<number>): Promise<string> {
  const results: number[] = [];
  for (let seed = 1; seed <= rounds; seed++) results.push((await measure(seed)) / timing.leaseMs);
  const sorted = results.toSorted((a, b) => a - b);
  return [sorted[Math.floor(rounds / 2)], sorted.at(-1)].map((one) => (one ?? 0).toFixed(3)).join(", ");
}

/** Three instances that tick once a second. Notices arrive within a second. */
function createGroup(seed: number) {
  const random = createRandom(seed);
  const places = new Map<string, Coordination>();
  const led: { name: string; at: number }[] = [];
  const fleet: Fleet = createFleet({
    random,
    size: 3,
    leaseMs: timing.leaseMs,
    faultyMs: 1,
    faults: calm,
    incidents: 0,
    start: (member) => void live(member),
  });

  async function live(member: Member): Promise<void> {
    const { clock, random, createId, isolate, name } = member;
    const coordination = createCoordination({
      state: createCoordinationState(),
      id: name,
      redis: member.connect(),
      prefix: "b:",
      clock,
      createId,
      ...timing,
      publish: async (notice) => {
        for (const other of fleet.members) {
          other.isolate.at(
            fleet.world.now() + random.between(0, 1_000),
            () => void places.get(other.name)?.receive(notice),
          );
        }
      },
    });
    places.set(name, coordination);
    for (;;) {
      await coordination.tick();
      if (coordination.isLeader()) led.push({ name: isolate.name, at: fleet.world.now() });
      await clock.sleep(1_000);
    }
  }

  return { fleet, random, places, led };
}

async function untilLed(
  { fleet, random, places, led }: ReturnType<typeof createGroup>,
  act: (leader: Member, place: Coordination) => void,
) {
  const { world, members } = fleet;
  await world.runUntil(world.now() + random.between(timing.leaseMs, 3 * timing.leaseMs));
  const leader = members.find(({ name }) => places.get(name)?.isLeader());
  const place = leader && places.get(leader.name);
  if (!leader || !place) throw new Error("no instance leads");
  const from = world.now();
  act(leader, place);
  await world.runUntil(from + 3 * timing.leaseMs);
  const next = led.find(({ name, at }) => at > from && name !== leader.name);
  if (!next) throw new Error("no instance follows");
  return next.at - from;
}

function failOver(seed: number, how: "freeze" | "die"): Promise<number> {
  return untilLed(createGroup(seed), ({ isolate }) => {
    if (how === "freeze") isolate.freeze(3 * timing.leaseMs);
    else isolate.die(3 * timing.leaseMs, () => {});
  });
}

const handOver = (seed: number): Promise<number> => untilLed(createGroup(seed), (_leader, place) => void place.leave());

/** Cron wakes one of two isolates each minute. A tick runs for 55 s with its own connection and the isolate's state. */
function createDeployment(onMessage: (lateMs: number) => void) {
  const states = new Map<string, JobsState>();
  const random = createRandom(1);
  const fleet = createFleet({
    random,
    size: 2,
    leaseMs: 90_000,
    faultyMs: 1,
    faults: calm,
    incidents: 0,
    skewMs: 500,
    start: () => {},
  });
  const { world, server, members } = fleet;

  function wake(member: Member): void {
    const { clock, name } = member;
    const shared = { redis: member.connect(), prefix: "b:", clock };
    const state = states.get(name) ?? createJobsState();
    states.set(name, state);
    const handlers = { remind: async ({ dueAt }: { dueAt: number }) => onMessage(world.now() - dueAt) };
    const now = clock.now();
    void createJobRunner({ ...shared, state, handlers }).watch({
      looks: [0, 30_000, 92_000].map((ms) => now + ms),
      until: now + 120_000,
    });
  }

  return {
    world,
    jobs() {
      const [member] = members;
      if (!member) throw new Error("no member");
      return createJobs({ redis: member.connect(), prefix: "b:", clock: member.clock });
    },
    commands: () => [...server.bill().values()].reduce((sum, one) => sum + one, 0),
    async minutes(many: number) {
      const from = world.now();
      for (let minute = 0; minute < many; minute++) {
        const member = members[random.between(0, 1)];
        if (member) world.at(from + minute * minuteMs, () => wake(member));
      }
      await world.runUntil(from + many * minuteMs);
    },
  };
}

async function idle(): Promise<string> {
  const deployment = createDeployment(() => {});
  await deployment.minutes(60);
  return `${(deployment.commands() / 60).toFixed(1)} commands a minute (goal: at most 3)`;
}

async function reminders(): Promise<string> {
  const late: number[] = [];
  const deployment = createDeployment((lateMs) => void late.push(lateMs));
  await deployment.minutes(60);
  const atRest = deployment.commands();
  const jobs = deployment.jobs();
  const { world } = deployment;
  const random = createRandom(2);
  const many = 60;
  for (let index = 0; index < many; index++) {
    // While a tick runs: two seconds into a minute until ten before its end, at most an hour from now.
    const dueAt = world.now() + random.between(2, 59) * minuteMs + random.between(2_000, 50_000);
    world.at(world.now(), () => void jobs.schedule({ kind: "remind", owner: "1", dueAt }));
  }
  await deployment.minutes(60);
  const each = (deployment.commands() - atRest - atRest) / many;
  const worst = late.toSorted((a, b) => a - b).at(-1) ?? Number.NaN;
  return `${each.toFixed(1)} commands; ${count(late.length)} of ${many} delivered, at most ${count(worst)} ms late`;
}
