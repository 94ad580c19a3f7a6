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
import { type Outcome, type Scenario, type Variant } from "../scenario.ts";
import { beginning } from "../world.ts";

// Work that one instance may do at a time, in steps. Each step asks whether it may continue, and writes through the fence.

const leaseMs = 5_000;
/** As close to the lease as is allowed, so that no margin hides a bug. */
const timing = leaseTiming({ leaseMs, renewDeadlineMs: 4_948, retryMs: 2_000 });
const faultyMs = 30_000;
/** After faults have stopped: circuits close, the last frozen instance thaws, and its lease ends. */
const settledMs = 40_000;
const logKey = "t:log";

export const tenureScenario: Scenario = { name: "tenure", run, variants: createVariants() };

/** From the first to the last time that work was allowed; to its end, if the lease was held to the end. */
interface Tenure {
  name: string;
  token: number;
  from: number;
  to: number;
}

async function run(random: Random, variant?: Variant): Promise<Outcome> {
  const violations = new Set<string>();
  const exceptions = new Set<string>();
  const tenures: Tenure[] = [];
  let signals = 0;

  const fleet = createFleet({ random, size: random.between(2, 4), leaseMs, faultyMs, start: (one) => void live(one) });
  const { world, server, lost } = fleet;

  async function live(member: Member): Promise<void> {
    const { clock, random, createId } = member;
    for (;;) {
      await clock.sleep(random.between(100, 2_000));
      const redis = member.connect();
      const own = { redis, prefix: "t:", clock, createId };
      const { lease, current } = watched(createLease({ name: "work", holder: member.name, ...own, ...timing }));
      const seen = variant?.clock?.(clock) ?? clock;
      const steps = random.between(2, 25);
      let tenure: Tenure | undefined;
      let endedAt = 0;
      const work = withLease(
        lease,
        async ({ token, signal, grant }) => {
          const now = world.now();
          tenure = { name: member.name, token, from: now, to: now };
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
            const own = { grant: grant(), redis, prefix: "t:", clock };
            tenure.to = world.now();
            if (!tenures.includes(tenure)) tenures.push(tenure);
            void createFence(own)
              .write({ keys: [logKey], command: ["RPUSH", logKey, token] })
              .catch(() => undefined);
          }
          endedAt = world.now();
        },
        { clock: seen },
      );
      const result = await work.catch((error: unknown) => {
        if (!/^(Redis|LeaseLost)/.test((error as Error).name)) throw error;
      });
      if (!result?.ran || !result.isCertain || !tenure) continue;
      // It reports that the lease was held to the end.
      tenure.to = Math.max(tenure.to, endedAt);
      if (!tenures.includes(tenure)) tenures.push(tenure);
    }
  }

  await world.runUntil(beginning + faultyMs);
  fleet.heal();
  const healedAt = world.now();
  await world.runUntil(healedAt + settledMs);
  if (!tenures.some(({ from }) => from > healedAt)) violations.add("no instance worked after the last fault");

  const count = (text: string) => void (lost.length > 0 ? exceptions : violations).add(text);
  const sorted = tenures.toSorted((a, b) => a.from - b.from);
  for (const [index, tenure] of sorted.entries()) {
    for (const other of sorted.slice(0, index)) {
      if (other.to >= tenure.from) {
        count(
          `${other.name} (token ${other.token}) and ${tenure.name} (token ${tenure.token}) worked at the same time`,
        );
      }
      if (other.token >= tenure.token) count(`token ${tenure.token} was not above ${other.token}, which came before`);
    }
  }
  const accepted = server.primary.run(["LRANGE", logKey, "0", "-1"], world.now()) as string[];
  for (const [index, token] of accepted.entries()) {
    const before = accepted[index - 1] ?? "0";
    if (Number(token) < Number(before)) violations.add(`a write under ${token} was accepted after one under ${before}`);
  }
  return {
    violations: [...violations],
    exceptions: [...exceptions],
    timeline: world.timeline,
    figures: { tenures: tenures.length, signals, accepted: accepted.length, lost: lost.length },
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
