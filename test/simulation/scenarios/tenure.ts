import {
  createFence,
  createLease,
  type Grant,
  type Lease,
  leaseTiming,
  withLease,
} from "../../../src/coordination/index.ts";
import type { Clock } from "../../../src/platform/index.ts";
import { createFleet, type Member } from "../fleet.ts";
import type { Random } from "../random.ts";
import { createReigns, type Reigns } from "../reigns.ts";
import { type Outcome, type Scenario, type Variant } from "../scenario.ts";
import { beginning } from "../world.ts";

// Work that one instance may do at a time, in steps. Each step asks whether it may continue, and writes through the fence.

const leaseMs = 5_000;
/** As close to the lease as is allowed, so that no margin hides a bug. */
const timing = leaseTiming({ leaseMs, renewDeadlineMs: 4_948, retryMs: 2_000 });
const faultyMs = 30_000;
/** After faults have stopped: circuits close, the last frozen instance thaws, and its lease ends. */
const settledMs = 40_000;
/** Further than the next holder needs to get the lease, so that tokens of the old primary come again. */
const primarySkewMs = 8_000;

export const tenureScenario: Scenario = { name: "tenure", run, variants: createVariants() };

async function run(random: Random, variant?: Variant): Promise<Outcome> {
  const violations = new Set<string>();
  let [works, signals, worksAfterwards] = [0, 0, 0];
  let healedAt = Number.POSITIVE_INFINITY;

  const reigns: Reigns = createReigns({ name: "work", prefix: "t:", timing, fleet: () => fleet });
  const fleet = createFleet({
    random,
    size: random.between(2, 4),
    leaseMs,
    faultyMs,
    primarySkewMs,
    watchFailover: reigns.watchFailover,
    start: (one) => void live(one),
  });
  const { world, lost } = fleet;
  const isRisky = random.chance(0.25);

  async function live(member: Member): Promise<void> {
    const { clock, random, createId } = member;
    for (;;) {
      await clock.sleep(random.between(100, 2_000));
      const redis = member.connect();
      const own = { redis, prefix: "t:", clock, createId };
      const { lease, current } = watched(createLease({ name: "work", holder: member.name, ...own, ...timing }));
      const seen = variant?.clock?.(clock) ?? clock;
      const steps = random.between(2, 25);
      let ended: { grant: Grant | undefined; at: number } | undefined;
      const work = withLease(
        lease,
        async ({ token, signal, grant }) => {
          works += 1;
          if (world.now() > healedAt) worksAfterwards += 1;
          const failsAt = world.now() + random.between(0, 2_000);
          if (isRisky && failsAt < beginning + faultyMs && random.chance(0.2)) {
            world.at(failsAt, () => fleet.failOver(reigns.isMint));
          }
          member.isolate.note(`works under token ${token}`);
          for (let step = 0; step < steps; step++) {
            const pauseMs = random.between(100, 800);
            const wakesAt = clock.now() + pauseMs;
            await clock.sleep(pauseMs);
            // After a freeze the signal may be late, which is why work asks `grant`.
            const isPunctual = clock.now() <= wakesAt + 2;
            if (isPunctual && clock.now() > (current()?.actUntil ?? 0) + 2 && !signal.aborted) {
              violations.add(`the signal of token ${token} had not fired when its time was up`);
            }
            if (signal.aborted) {
              signals += 1;
              return member.isolate.note(`stops: token ${token} is in doubt`);
            }
            const held = grant();
            reigns.act(member, held);
            reigns.log(createFence({ grant: held, redis, prefix: "t:", clock }), held);
          }
          ended = { grant: current(), at: world.now() };
        },
        { clock: seen },
      );
      const result = await work.catch((error: unknown) => {
        if (!/^(Redis|LeaseLost)/.test((error as Error).name)) throw error;
      });
      // It reports that the lease was held to the end.
      if (result?.ran && result.isCertain && ended?.grant) reigns.act(member, ended.grant, ended.at);
    }
  }

  await world.runUntil(beginning + faultyMs);
  fleet.heal();
  healedAt = world.now();
  await world.runUntil(healedAt + settledMs + reigns.longerMs());
  if (worksAfterwards === 0) violations.add("no instance worked after the last fault");

  const judged = reigns.judge();
  return {
    violations: [...violations, ...judged.violations],
    exceptions: judged.exceptions,
    timeline: world.timeline,
    figures: { works, signals, accepted: judged.accepted, lost: lost.length },
  };
}

// --- Internal helpers ---

/** Returns the lease, and its present grant. */
function watched(lease: Lease): { lease: Lease; current(): Grant | undefined } {
  let current: Grant | undefined;
  return {
    current: () => current,
    lease: {
      ...lease,
      async acquire() {
        const acquisition = await lease.acquire();
        if (acquisition.held) current = acquisition.grant;
        return acquisition;
      },
      async renew(grant) {
        const renewal = await lease.renew(grant);
        if (renewal.renewed) current = renewal.grant;
        return renewal;
      },
    },
  };
}

function createVariants(): Variant[] {
  return [
    {
      name: "no watch over the deadline",
      // The first wait of a tenure is for its deadline. Here it lasts until the work is done.
      clock(clock): Clock {
        let isFirst = true;
        return {
          now: clock.now,
          random: clock.random,
          sleep(ms, signal) {
            if (!isFirst || !signal) return clock.sleep(ms, signal);
            isFirst = false;
            return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
          },
        };
      },
    },
  ];
}
