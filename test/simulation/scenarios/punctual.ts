import {
  createJobRunner,
  createJobs,
  createJobsState,
  type JobHandler,
  type JobRunner,
  type JobsState,
  planOfScheduled,
  planOfTick,
} from "../../../src/jobs/index.ts";
import { createPubsub, createPubsubState, type Pubsub, type PubsubState } from "../../../src/pubsub/index.ts";
import { createDiscord } from "../discord.ts";
import { createFleet, type Member } from "../fleet.ts";
import { failOnce, incidents, strikeOnce } from "../incidents.ts";
import type { Random } from "../random.ts";
import type { Outcome, Scenario, Variant } from "../scenario.ts";
import { beginning } from "../world.ts";

// At real scale: cron wakes one of several isolates each minute, people schedule jobs from any of them, and one thing goes wrong
// at most. Each acknowledged job is shown once, at most so late.

const second = 1_000;
const minute = 60 * second;
/** Ticks before the first job, and after the last may be due. */
const warmUpMs = 2 * minute;
const scheduledMs = 2 * minute;
const latestMs = 3 * minute;
const endMs = warmUpMs + scheduledMs + latestMs + 2 * minute;
const pollMs = 333;
/** The stream on which the broken variant tells of due times. */
const told = "t:told";

export const punctualScenario: Scenario = { name: "punctual", run, variants: createVariants() };

/** The services of one request or tick. */
interface Services {
  life: Life;
  runner: JobRunner;
  bus: Pubsub;
  redis: ReturnType<Member["connect"]>;
}

/** The state of an isolate. */
interface Life {
  jobs: JobsState;
  bus: PubsubState;
  /** The place of all its invocations on the stream of due times. Only a broken variant has one. */
  toldUpTo: string;
}

const createLife = (): Life => ({ jobs: createJobsState(), bus: createPubsubState(), toldUpTo: "0" });

async function run(random: Random, variant?: Variant): Promise<Outcome> {
  const { looksMs, isLeftToTicks = false, isTold = false, ...durations } = variant?.watching ?? {};
  const incident = random.pick(incidents);
  const lives = new Map<string, Life>();
  const acknowledged: { id: string; dueAt: number }[] = [];
  /** When jobs are scheduled and due: most incidents happen near one of these. */
  const moments: number[] = [];

  const wishes = Array.from({ length: random.between(2, 6) }, (_, index) => {
    const at = beginning + warmUpMs + random.between(0, scheduledMs);
    const inMs = random.between(0, random.pick([0, 5 * second, 45 * second, latestMs]));
    moments.push(at, at + inMs);
    return { id: `job-${index}`, at, inMs };
  });
  const strikeAt = random.chance(0.7)
    ? random.pick(moments as [number, ...number[]]) + random.between(-200, 600)
    : beginning + warmUpMs + random.between(0, scheduledMs + latestMs);
  const faults = strikeOnce(incident, strikeAt, () => fleet.world.now());

  const fleet = createFleet({
    random,
    size: random.between(2, 3),
    leaseMs: minute,
    faultyMs: 0,
    faults,
    incidents: 0,
    skewMs: 500,
    drift: 0,
    start: ({ name }) => lives.set(name, createLife()),
    ...(variant?.door && { door: variant.door }),
  });
  const { world, members, server } = fleet;
  const discord = createDiscord(world, random.fork(), failOnce(incident, random.fork()));
  const begin = (at: number, member: Member, work: () => unknown) =>
    world.at(at, () => member.isolate.at(at, () => void work()));

  /** Makes the services of one request or tick. */
  function invoke(member: Member): Services {
    const life = lives.get(member.name) ?? createLife();
    lives.set(member.name, life);
    const redis = member.connect();
    const { clock } = member;
    const runner = createJobRunner({
      state: life.jobs,
      redis,
      prefix: "t:",
      handlers: { remind: remind(member) },
      clock,
      ...durations,
      report(event) {
        if (event.type !== "done") member.isolate.note(`job: ${event.type}`);
      },
    });
    const bus = createPubsub({
      state: life.bus,
      redis,
      prefix: "t:",
      source: member.name,
      waitUntil: (work) => void work.catch(() => {}),
      clock,
      createId: member.createId,
    });
    return { life, runner, bus, redis };
  }

  const remind =
    ({ isolate }: Member): JobHandler =>
    async ({ id, dueAt }, { nonce, attempt }) => {
      isolate.note(`runs ${id} for the ${attempt}. time`);
      await discord.post(isolate, variant?.nonce?.(nonce, attempt) ?? nonce, `${id}@${dueAt}`);
    };

  function tick(member: Member): void {
    const services = invoke(member);
    const now = member.clock.now();
    const plan = planOfTick(now);
    member.isolate.note("is woken by cron");
    if (isTold) void hear(member, services, plan.until);
    const looks = (isTold ? [0] : looksMs)?.map((ms) => now + ms);
    void services.runner.watch(looks ? { looks, until: (looks.at(-1) ?? now) + minute / 2 } : plan);
  }

  /** Reads the due times that the isolate has not been told yet. */
  async function readTold({ life, redis }: Services): Promise<number[]> {
    const command: [string, ...(string | number)[]] = ["XREAD", "COUNT", 100, "STREAMS", told, life.toldUpTo];
    const reply = await redis().exec<[string, [id: string, fields: string[]][]][] | null>(command);
    const entries = (reply?.[0]?.[1] ?? []).filter(([id]) => id > life.toldUpTo);
    life.toldUpTo = entries.at(-1)?.[0] ?? life.toldUpTo;
    return entries.map(([, fields]) => Number(fields[1]));
  }

  /** The broken variant's tick learns of due times from the bus. */
  async function hear({ clock }: Member, services: Services, until: number): Promise<void> {
    for (; clock.now() < until; await clock.sleep(second)) {
      const dueAts = await readTold(services).catch(() => []);
      for (const dueAt of dueAts) void services.runner.watch({ dueAt, until: dueAt + minute });
    }
  }

  async function schedule(member: Member, id: string, inMs: number): Promise<void> {
    const { clock, isolate } = member;
    const { life, runner, redis } = invoke(member);
    const dueAt = clock.now() + inMs;
    const jobs = createJobs({
      redis,
      prefix: "t:",
      clock,
      onScheduled() {
        const own = planOfScheduled(clock.now(), dueAt, life.jobs.aheadMs);
        if (isTold)
          void redis()
            .exec(["XADD", told, "*", "due", dueAt])
            .catch(() => {});
        else if (own && !isLeftToTicks) void runner.watch(own);
      },
    });
    try {
      await jobs.schedule({ id, kind: "remind", owner: "ada", dueAt });
    } catch {
      return isolate.note(`${id} is not acknowledged`);
    }
    isolate.note(`${id} is acknowledged, due ${new Date(dueAt).toISOString().slice(14, 23)}`);
    acknowledged.push({ id, dueAt });
    if (incident.what === "the scheduling isolate dies" && acknowledged.length === 1) {
      world.at(world.now() + random.between(0, random.pick([500, minute / 2, inMs + second])), () => kill(member));
    }
  }

  const kill = ({ isolate, name }: Member) => isolate.die(1, () => lives.set(name, createLife()));

  // No isolate is woken twice in a row: where one dies, the other ticks live.
  let woken = random.between(0, members.length - 1);
  const isAlone = incident.what === "nothing" && random.chance(0.3);
  for (let at = beginning + 3 * second; at < beginning + endMs; at += minute) {
    if (!isAlone) woken = (woken + random.between(1, members.length - 1)) % members.length;
    const member = members[woken];
    if (!member) continue;
    begin(at, member, () => tick(member));
    const isStruck = incident.what === "the ticking isolate dies" && strikeAt >= at && strikeAt < at + minute;
    if (isStruck) world.at(strikeAt, () => kill(member));
  }
  for (const { id, at, inMs } of wishes) {
    const member = members[random.between(0, members.length - 1)];
    if (member) begin(at, member, () => schedule(member, id, inMs));
  }
  if (incident.what === "a busy bus") {
    for (let at = beginning + warmUpMs - minute; at < beginning + endMs - minute; at += pollMs) {
      const member = members[random.between(0, members.length - 1)];
      if (member) begin(at, member, () => converse(member));
    }
  }

  /** A request that polls the bus on its way. It has no handler for due times. */
  async function converse(member: Member): Promise<void> {
    const services = invoke(member);
    services.bus.subscribe("cache", () => {});
    await (isTold ? readTold(services) : services.bus.poll()).catch(() => {});
  }

  await world.runUntil(beginning + endMs);

  const violations: string[] = [];
  let latest = 0;
  for (const { id, dueAt } of acknowledged) {
    const [first, ...others] = discord.messages.filter(({ content }) => content === `${id}@${dueAt}`);
    const lateMs = (first?.at ?? Number.POSITIVE_INFINITY) - dueAt;
    latest = Math.max(latest, lateMs);
    if (!first) violations.push(`${incident.what}: ${id} was acknowledged, and never shown`);
    else if (lateMs > incident.boundMs) violations.push(`${incident.what}: ${id} was shown ${lateMs} ms late`);
    if (lateMs < 0) violations.push(`${id} was shown ${-lateMs} ms early`);
    if (others.length > 0) violations.push(`${id} was shown ${others.length + 1} times`);
  }
  const left = server.primary.run(["ZRANGE", "t:j:due", "0", "-1"], world.now()) as string[];
  if (left.length > 0) violations.push(`${left.join()} are still due`);
  const commands = [...server.bill().values()].reduce((sum, count) => sum + count, 0);
  return {
    violations,
    exceptions: [],
    timeline: world.timeline,
    figures: { [incident.what]: latest, jobs: acknowledged.length, commands },
  };
}

function createVariants(): Variant[] {
  return [
    { name: "a claim lasts a minute", watching: { claimMs: minute } },
    { name: "a failed claim waits for the next look", watching: { retryMs: minute / 2 } },
    { name: "ticks do not overlap", watching: { looksMs: [0, minute / 2] } },
    { name: "the invocation that schedules a job leaves it to the ticks", watching: { isLeftToTicks: true } },
    { name: "due times are told over the bus, at a place that requests share", watching: { isTold: true } },
    { name: "another nonce for each try", nonce: (nonce, attempt) => `${nonce}.${attempt}` },
  ];
}
