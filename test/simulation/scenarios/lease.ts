import {
  type CoordinationState,
  createCoordination,
  createCoordinationState,
  leaseTiming,
} from "../../../src/coordination/index.ts";
import type { RedisCommands } from "../../../src/redis/index.ts";
import { createFleet, type Member } from "../fleet.ts";
import type { Random } from "../random.ts";
import { createReigns, type Reigns } from "../reigns.ts";
import { type Outcome, replacing, type Scenario, type Variant } from "../scenario.ts";
import { beginning } from "../world.ts";

// Several instances want to lead. An instance that believes it leads writes through the fence, and sometimes resigns.

const leaseMs = 5_000;
/** As close to the lease as is allowed, so that no margin hides a bug. */
const timing = leaseTiming({ leaseMs, renewDeadlineMs: 4_948, retryMs: 2_000 });
const faultyMs = 30_000;
/** After faults have stopped: the last frozen instance thaws, its lease ends, and the others try. */
const boundMs = 4 * leaseMs + timing.retryMs;
const settledMs = 5_000;
/** Further than a new leader needs to be found, so that tokens of the old primary come again. */
const primarySkewMs = 8_000;
/** In one step, so that several lead in a run. */
const resigning = 0.05;

export const leaseScenario: Scenario = { name: "lease", run, variants: createVariants() };

async function run(random: Random, variant?: Variant): Promise<Outcome> {
  const violations: string[] = [];
  let leads = 0;
  let ledAgainAt = Number.POSITIVE_INFINITY;
  let healedAt = Number.POSITIVE_INFINITY;

  const reigns: Reigns = createReigns({ name: "main", prefix: "t:", timing, fleet: () => fleet });
  const fleet = createFleet({
    random,
    size: random.between(2, 4),
    leaseMs,
    faultyMs,
    primarySkewMs,
    watchFailover: reigns.watchFailover,
    start: (member) => void live(member),
    ...(variant?.door && { door: variant.door }),
  });
  const { world, lost } = fleet;
  if (random.chance(0.25)) reigns.beginAhead(random.pick([0, 8, 97, 997]));
  let failovers = random.pick([0, 0, 0, 1, 3]);

  /** Soon after a reign began, so that often its token is lost and its lease is not. */
  function failOverSoon(random: Random): void {
    if (failovers === 0 || random.chance(0.5)) return;
    failovers -= 1;
    const at = world.now() + random.between(0, 2_000);
    const writes = random.pick([reigns.isMint, reigns.isMint, random.between(0, 5), Number.POSITIVE_INFINITY]);
    if (at < beginning + faultyMs) world.at(at, () => fleet.failOver(writes));
  }

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
        failOverSoon(random);
      },
      onLostLeadership: (reason) => member.isolate.note(`lost leadership: ${reason}`),
    });

    for (;;) {
      await coordination.tick();
      act();
      if (coordination.isLeader() && random.chance(resigning)) await coordination.resign();
      await clock.sleep(random.between(300, 900));
    }

    function act(): void {
      const { grant } = state;
      if (!grant || !coordination.isLeader()) return;
      reigns.act(member, grant);
      if (world.now() >= healedAt) ledAgainAt = Math.min(ledAgainAt, world.now());
      if (random.chance(0.5)) reigns.log(coordination.fence(), grant);
    }
  }

  await world.runUntil(beginning + faultyMs);
  fleet.heal();
  healedAt = world.now();
  const bound = boundMs + reigns.longerMs();
  await world.runUntil(healedAt + bound + settledMs);
  if (ledAgainAt > healedAt + bound) violations.push(`no instance led within ${bound} ms after the last fault`);

  const judged = reigns.judge();
  return {
    violations: [...violations, ...judged.violations],
    exceptions: judged.exceptions,
    timeline: world.timeline,
    figures: { leads, accepted: judged.accepted, lost: lost.length },
  };
}

type Door = NonNullable<Variant["door"]>;

function createVariants(): Variant[] {
  /** Changes the fence's script. */
  const fenceOf =
    (change: (script: string) => string): Door =>
    (redis) =>
      replacing(redis, {
        eval: (script: string, keys: string[], args: unknown[]) => redis.eval(change(script), keys, args),
      });
  /** Answers a command in place of Redis. */
  const commandOf =
    (name: string, answer: (redis: RedisCommands, words: readonly string[]) => Promise<unknown>): Door =>
    (redis) =>
      replacing(redis, {
        exec: ((words: [string, ...string[]]) =>
          words[0] === name ? answer(redis, words) : redis.exec(words)) as RedisCommands["exec"],
      });

  return [
    { name: "no fencing check", door: fenceOf((script) => script.replace(/^if newest > token.*$/m, "if false then")) },
    {
      name: "fence does not raise",
      door: fenceOf((script) => script.replace(/^if newest < token.*$/m, "if false then")),
    },
    {
      name: "tokens compared as text",
      door: fenceOf((script) => script.replace("if newest > token", 'if (last and last[1] or "") > id')),
    },
    {
      name: "a counter in place of the server's time",
      door: commandOf("XADD", async (redis, [, key = ""]) => `0-${await redis.incr(`${key}:counter`)}`),
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
    { name: "release without compare", door: commandOf("DELEX", (redis, [, key = ""]) => redis.del(key)) },
  ];
}
