import {
  type CoordinationState,
  createCoordination,
  createCoordinationState,
  leaseTiming,
} from "../../../src/coordination/index.ts";
import type { RedisCommands } from "../../../src/redis/index.ts";
import { createFleet, type Member } from "../fleet.ts";
import type { Random } from "../random.ts";
import { type Outcome, replacing, type Scenario, type Variant } from "../scenario.ts";

// Several instances want to lead. An instance that believes it leads writes through the fence, and sometimes resigns.

const leaseMs = 5_000;
/** As close to the lease as is allowed, so that no margin hides a bug. */
const timing = leaseTiming({ leaseMs, renewDeadlineMs: 4_948, retryMs: 2_000 });
const faultyMs = 30_000;
/** After faults have stopped: the last frozen instance thaws, its lease ends, and the others try. */
const boundMs = 4 * leaseMs + timing.retryMs;
const settledMs = 5_000;
const logKey = "t:log";

export const leaseScenario: Scenario = { name: "lease", run, variants: createVariants() };

/** From the first to the last time an instance found itself leading under one token. */
interface Reign {
  name: string;
  value: string;
  token: number;
  from: number;
  to: number;
}

async function run(random: Random, variant?: Variant): Promise<Outcome> {
  const reigns = new Map<string, Reign>();
  const violations: string[] = [];
  const exceptions: string[] = [];
  let leads = 0;

  const fleet = createFleet({
    random,
    size: random.between(2, 4),
    leaseMs,
    faultyMs,
    start: (member) => void live(member),
    ...(variant?.door && { door: variant.door }),
  });
  const { world, server, lost } = fleet;

  async function live(member: Member): Promise<void> {
    const { clock, random, createId } = member;
    const fresh = createCoordinationState();
    const state: CoordinationState = variant?.state?.(fresh, member) ?? fresh;
    const redis = member.connect();
    const coordination = createCoordination({
      state,
      id: member.name,
      redis,
      prefix: "t:",
      clock,
      createId,
      ...timing,
      heartbeatMs: 20_000,
      onBecameLeader: ({ token }) => {
        leads += 1;
        member.isolate.note(`leads under token ${token}`);
      },
      onLostLeadership: (reason) => member.isolate.note(`lost leadership: ${reason}`),
    });

    for (;;) {
      await coordination.tick();
      act();
      if (coordination.isLeader() && random.chance(0.03)) await coordination.resign();
      await clock.sleep(random.between(300, 900));
    }

    function act(): void {
      const { grant } = state;
      if (!grant || !coordination.isLeader()) return;
      const now = world.now();
      const reign = reigns.get(grant.value) ?? {
        name: member.name,
        value: grant.value,
        token: grant.token,
        from: now,
        to: now,
      };
      reign.to = now;
      reigns.set(grant.value, reign);
      if (random.chance(0.5)) return;
      // Only its belief when it acts counts; the write may arrive late.
      void coordination
        .fence()
        .write({ keys: [logKey], command: ["RPUSH", logKey, grant.token] })
        .catch(() => undefined);
    }
  }

  await world.runUntil(world.now() + faultyMs);
  fleet.heal();
  const healedAt = world.now();
  let ledAgainAt = Number.POSITIVE_INFINITY;
  await world.runUntil(healedAt + boundMs + settledMs);
  for (const { from, to } of reigns.values()) {
    if (to >= healedAt) ledAgainAt = Math.min(ledAgainAt, Math.max(from, healedAt));
  }
  if (ledAgainAt > healedAt + boundMs) violations.push(`no instance led within ${boundMs} ms after the last fault`);

  const sorted = [...reigns.values()].toSorted((a, b) => a.from - b.from);
  const isExcused = lost.length > 0;
  const count = (text: string) => void (isExcused ? exceptions : violations).push(text);
  for (const [index, reign] of sorted.entries()) {
    for (const other of sorted.slice(0, index)) {
      if (other.to >= reign.from && other.name !== reign.name) {
        count(`${other.name} (token ${other.token}) and ${reign.name} (token ${reign.token}) led at the same time`);
      }
      if (other.token >= reign.token) count(`token ${reign.token} was not above ${other.token}, which came before`);
    }
  }
  // Whatever a failover lost, the rest was accepted in order.
  const accepted = server.primary.run(["LRANGE", logKey, "0", "-1"], world.now()) as string[];
  for (const [index, token] of accepted.entries()) {
    const before = accepted[index - 1] ?? "0";
    if (Number(token) < Number(before))
      violations.push(`a write under token ${token} was accepted after one under ${before}`);
  }
  return {
    violations: [...new Set(violations)],
    exceptions: [...new Set(exceptions)],
    timeline: world.timeline,
    figures: { leads, accepted: accepted.length, lost: lost.length },
  };
}

function createVariants(): Variant[] {
  return [
    {
      name: "no fencing check",
      door: (redis) =>
        replacing(redis, {
          eval: (script: string, keys: string[], args: unknown[]) =>
            redis.eval(script.replace(/^if stored.*$/m, "if false then"), keys, args),
        }),
    },
    {
      name: "deadline counted from the reply",
      state: (state, { clock }) =>
        new Proxy(state, {
          set(target, name, value) {
            const isAnswered = name === "grant" && value && value.actUntil !== target.grant?.actUntil;
            const actUntil = clock.now() + timing.renewDeadlineMs;
            return Reflect.set(target, name, isAnswered ? { ...value, actUntil } : value);
          },
        }),
    },
    {
      name: "release without compare",
      door: (redis) =>
        replacing(redis, {
          exec: ((command: string[]) =>
            command[0] === "DELEX"
              ? redis.del(command[1] ?? "")
              : redis.exec(command as [string])) as RedisCommands["exec"],
        }),
    },
  ];
}
