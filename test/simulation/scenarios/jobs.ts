import { createJobRunner, createJobs, createJobsState, type Job, type JobHandler } from "../../../src/jobs/index.ts";
import { createDiscord } from "../discord.ts";
import { createFleet, type Member } from "../fleet.ts";
import type { Random } from "../random.ts";
import { type Outcome, replacing, type Scenario, type Variant } from "../scenario.ts";
import { beginning } from "../world.ts";

// People put in jobs, put them off and cancel them; cron wakes isolates that watch; each job posts one message.

const leaseMs = 5_000;
const faultyMs = 50_000;
const tickMs = 12_000;
const cronMs = 13_000;
const claimMs = 8_000;
/** So long a request may lie about, there and a second time: what it does later cannot be told from a new one. */
const ghostMs = 21_000;
/** After faults have stopped: the longest pause before another try, a claim left behind, a lease left behind, a cron trigger. */
const boundMs = 80_000 + claimMs + leaseMs + cronMs;

export const jobsScenario: Scenario = { name: "jobs", run, variants: createVariants() };

/** What somebody was told of their job. */
interface Promised {
  job: Job;
  /** Acknowledged, or its sender does not know. */
  isKept: boolean;
  /** Due times that may be shown, and that must not. */
  expected: number | undefined;
  forbidden: number[];
  isUncertain: boolean;
}

async function run(random: Random, variant?: Variant): Promise<Outcome> {
  const promised: Promised[] = [];
  const handled: { id: string; dueAt: number; at: number }[] = [];
  const dead = new Set<string>();
  let isFaulty = true;
  const failing = random.pick([0, 0, 0.05, 0.2]);

  const fleet = createFleet({
    random,
    size: random.between(2, 3),
    leaseMs,
    faultyMs,
    start: () => {},
    ...(variant?.door && { door: variant.door }),
  });
  const { world, server, lost, members } = fleet;
  const discord = createDiscord(world, random.fork(), () => (isFaulty ? failing : 0));

  const remind =
    ({ isolate, clock, random }: Member): JobHandler =>
    async ({ id, dueAt }, { nonce, attempt }) => {
      handled.push({ id, dueAt, at: world.now() });
      isolate.note(`runs ${id} for the ${attempt}. time`);
      if (random.chance(0.2)) await clock.sleep(random.between(100, 3_000));
      await discord.post(isolate, variant?.nonce?.(nonce, attempt) ?? nonce, `${id}@${dueAt}`);
    };

  function wake(member: Member): void {
    const { clock, isolate } = member;
    const shared = { redis: member.connect(), prefix: "t:", clock };
    const runner = createJobRunner({
      ...shared,
      state: createJobsState(),
      handlers: { remind: remind(member) },
      claimMs,
      report(event) {
        if (event.type === "dead") dead.add(event.job.id);
        if (event.type !== "done")
          isolate.note(`job ${"id" in event ? event.id : "job" in event ? event.job.id : ""}: ${event.type}`);
      },
    });
    isolate.note("is woken by cron");
    const now = clock.now();
    void runner.watch({ looks: [0, 4_000, 8_000].map((ms) => now + ms), until: now + tickMs });
  }

  const endAt = beginning + faultyMs + boundMs;
  for (let at = beginning + 500; at < endAt; at += cronMs) {
    for (let count = random.chance(0.3) ? 2 : 1; count > 0; count--) {
      const member = members[random.between(0, members.length - 1)];
      if (member) world.at(at, () => member.isolate.at(at, () => wake(member)));
    }
  }

  for (let index = random.between(3, 8); index > 0; index--) {
    const member = members[random.between(0, members.length - 1)];
    const at = beginning + random.between(0, faultyMs / 2);
    if (member) world.at(at, () => member.isolate.at(at, () => void use(member, `job-${index}`)));
  }

  /** One person's wish, from one isolate's invocations. */
  async function use(member: Member, id: string): Promise<void> {
    const { clock, random } = member;
    const open = () => createJobs({ redis: member.connect(), prefix: "t:", clock });
    const dueAt = world.now() + random.between(0, 40_000);
    const every = random.chance(0.2) && { every: { cron: "*/7 * * * * *", zone: "Asia/Kolkata" } };
    const wish = { id, kind: "remind", owner: "ada", dueAt, ...every };
    const one: Promised = {
      job: { ...wish, data: null, attempts: 0, createdAt: 0 },
      isKept: false,
      expected: dueAt,
      forbidden: [],
      isUncertain: false,
    };
    promised.push(one);
    await open()
      .schedule(wish)
      .then(
        () => (one.isKept = true),
        () => (one.isUncertain = true),
      );
    if (every || !random.chance(0.5)) return;
    await clock.sleep(Math.max(ghostMs, random.between(-3_000, 3_000) + dueAt - world.now()));
    const before = one.expected ?? 0;
    const later = world.now() + random.between(3_000, 15_000);
    const isCancelled = random.chance(0.5);
    const wasUncertain = one.isUncertain;
    // Whoever dies before the answer has not been told anything.
    one.isUncertain = true;
    try {
      const jobs = open();
      const isDone = isCancelled ? await jobs.cancel(id, "ada") : (await jobs.snooze(id, "ada", later)) !== undefined;
      one.isUncertain = wasUncertain;
      if (!isDone) return;
      member.isolate.note(isCancelled ? `${id} is cancelled` : `${id} is put off`);
      // What was cancelled in time is not shown; what was being run just then may be.
      if (world.now() < before) one.forbidden.push(before);
      one.expected = isCancelled ? undefined : later;
    } catch {
      member.isolate.note(`nobody knows what became of ${id}`);
    }
  }

  await world.runUntil(beginning + faultyMs);
  isFaulty = false;
  fleet.heal();
  await world.runUntil(endAt);

  const violations: string[] = [];
  const exceptions: string[] = [];
  const touched = new Set(lost.flatMap(({ write }) => write.words));
  const shown = new Map<string, number>();
  for (const { content, at } of discord.messages) {
    shown.set(content, (shown.get(content) ?? 0) + 1);
    if (at < Number(content.split("@")[1])) violations.push(`${content} was shown too early`);
  }
  for (const [content, times] of shown) if (times > 1) violations.push(`${content} was shown ${times} times`);
  for (const { job, isKept, expected, forbidden, isUncertain } of promised) {
    const isExcused = touched.has(job.id);
    const count = (text: string) => void (isExcused ? exceptions : violations).push(text);
    if (isKept && !isUncertain && expected !== undefined && !dead.has(job.id) && !shown.has(`${job.id}@${expected}`)) {
      count(`${job.id} was kept, and never shown`);
    }
    for (const at of forbidden)
      if (shown.has(`${job.id}@${at}`)) count(`${job.id} was shown after it was put off or cancelled`);
    if (isKept && job.every && !dead.has(job.id)) {
      const last = discord.messages.findLast(({ content }) => content.startsWith(`${job.id}@`));
      if (!last || last.at < endAt - boundMs / 2) count(`${job.id} comes no more`);
    }
  }
  const ids = (...words: string[]) =>
    (server.primary.run(words, world.now()) as string[]).filter((_, index) => index % 2 === 0);
  const due = ids("ZRANGE", "t:j:due", "0", "-1", "WITHSCORES").toSorted();
  for (const [what, list] of [
    ["records", ids("HGETALL", "t:j:jobs").toSorted()],
    ["an owner's list", ids("ZRANGE", "t:j:of:ada", "0", "-1", "WITHSCORES").toSorted()],
  ] as const) {
    if (list.join() !== due.join() && lost.length === 0)
      violations.push(`due are ${due.join()}, and ${what} hold ${list.join()}`);
  }
  return {
    violations,
    exceptions,
    timeline: world.timeline,
    figures: { jobs: promised.length, runs: handled.length, messages: discord.messages.length, lost: lost.length },
  };
}

function createVariants(): Variant[] {
  return [
    {
      name: "settled without comparing the claim",
      door: (redis) =>
        replacing(redis, {
          eval: (script: string, keys: string[], args: unknown[]) =>
            redis.eval(script.replace(/^if not score.*$/m, ""), keys, args),
        }),
    },
    { name: "another nonce for each try", nonce: (nonce, attempt) => `${nonce}.${attempt}` },
  ];
}
