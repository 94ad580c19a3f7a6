import { type CacheState, cacheKind, createCache, createCacheState } from "../../../src/cache/index.ts";
import {
  channels,
  createPubsub,
  createPubsubState,
  invalidationHandler,
  invalidationsOn,
  type PubsubState,
} from "../../../src/pubsub/index.ts";
import { createFleet, type Member } from "../fleet.ts";
import type { Random } from "../random.ts";
import { type Outcome, replacing, type Scenario, type Variant } from "../scenario.ts";
import { beginning } from "../world.ts";

// A source whose values change, isolates that read them through the cache, and isolates that change them and invalidate them. They
// hear each other over the bus; most reads are hits in L1.

const faultyMs = 30_000;
const settledMs = 20_000;
/** How far a replica may be behind. */
const lagMs = 5_000;
const thing = cacheKind<number>({
  name: "thing",
  ttlMs: 60_000,
  graceMs: 20_000,
  localMs: 25_000,
  claimMs: 2_000,
  waitMs: 1_000,
  failureMs: 200,
  tagsOf: () => ["guild"],
});
const ids = ["x", "y"] as const;
/** How long L1 may serve what another isolate invalidated. */
const boundMs = 5_000;

export const cacheScenario: Scenario = { name: "cache", run, variants: createVariants() };

/** One life of an isolate. */
interface Life {
  /** No two lives share it. */
  id: string;
  cache: CacheState;
  pubsub: PubsubState;
}

/** An acknowledged invalidation: from then on no older version may be served. */
interface Forgotten {
  id: string;
  version: number;
  by: object;
  at: number;
}

async function run(random: Random, variant?: Variant): Promise<Outcome> {
  const violations = new Set<string>();
  const exceptions = new Set<string>();
  const versions = new Map<string, number>(ids.map((id) => [id, 0]));
  const forgotten: Forgotten[] = [];
  let reads = 0;
  let checked = 0;
  let hits = 0;
  let lastChecked = 0;

  const fleet = createFleet({
    random,
    size: 2,
    leaseMs: 2_000,
    faultyMs,
    start(member) {
      const life: Life = { id: member.createId(), cache: createCacheState(), pubsub: createPubsubState() };
      for (let reader = 0; reader < 2; reader++) void again(member, [50, 700], () => read(member, life));
      void again(member, [2_000, 9_000], () => change(member, life));
    },
    ...(variant?.door && { door: variant.door }),
  });
  const { world, lost, faults } = fleet;
  /**
   * How long an older version may be served after an invalidation: by another isolate's L1, whose clock may be slow. Where
   * replicas answer reads, one may give the older version to an isolate that has heard already, which serves it as long as any.
   * This holds for the invalidating isolate too: a reply that was under way may set back its sync token.
   */
  const staleMs = lagMs + thing.localMs * 1.01;
  const most = faults.stale > 0 ? { own: staleMs, others: staleMs } : { own: 0, others: boundMs * 1.01 };
  const count = (text: string) => void (lost.length > 0 ? exceptions : violations).add(text);
  const versionOf = (id: string) => versions.get(id) ?? 0;

  async function again(
    { clock, random }: Member,
    [least, most]: readonly [number, number],
    work: () => Promise<void>,
  ): Promise<void> {
    while (world.now() < beginning + faultyMs + settledMs) {
      await clock.sleep(random.between(least, most));
      await work();
    }
  }

  function open(member: Member, life: Life) {
    const { random } = member;
    const clock = { ...member.clock, random: () => random.next() };
    let isWell = true;
    const shared = { redis: member.connect(), prefix: "t:", clock, createId: member.createId };
    const pubsub = createPubsub({
      ...shared,
      state: life.pubsub,
      source: life.id,
      waitUntil: (work) => void work.catch(() => {}),
      isolateHandlers: {
        [channels.invalidations]: invalidationHandler(life.id, (invalidation) => cache.apply(invalidation)),
      },
      onMissed: () => cache.missed(),
    });
    const cache = createCache({
      ...shared,
      state: life.cache,
      bus: invalidationsOn(pubsub),
      hearing: pubsub,
      boundMs,
      waitUntil: (work) => void work.catch(() => {}),
      report({ type }) {
        if (type === "redis-failed") isWell = false;
      },
    });
    return { cache, things: cache.of(thing), isWell: () => isWell };
  }

  async function read(member: Member, life: Life): Promise<void> {
    const { clock, random } = member;
    const id = random.pick(ids);
    const { things, isWell } = open(member, life);
    const begunAt = world.now();
    reads += 1;
    const entry = await things
      .read(id, async () => {
        await clock.sleep(random.between(1, 200));
        const version = versionOf(id);
        await clock.sleep(random.chance(0.2) ? random.between(100, 1_500) : random.between(1, 100));
        return version;
      })
      .catch((error: unknown) => {
        if (!/^(Cache|Redis)/.test((error as Error).name)) throw error;
        return undefined;
      });
    // While Redis does not answer, a copy is served to the end of its grace.
    if (entry?.value === undefined || !isWell()) return;
    checked += 1;
    if (entry.source === "L1") hits += 1;
    lastChecked = world.now();
    for (const one of forgotten) {
      const since = one.at + (one.by === life ? most.own : most.others);
      if (one.id !== id || begunAt < since || entry.value >= one.version) continue;
      const whose = one.by === life ? "itself" : "another isolate";
      count(
        `${member.name} was served ${id} as of ${entry.value}; ${whose} had invalidated what is older than ${one.version}`,
      );
    }
  }

  async function change(member: Member, life: Life): Promise<void> {
    const { random, isolate } = member;
    const { cache, things } = open(member, life);
    const changed = random.chance(0.7) ? [random.pick(ids)] : ids;
    for (const id of changed) versions.set(id, versionOf(id) + 1);
    const known = changed.map((id) => ({ id, version: versionOf(id), by: life }));
    isolate.note(`${changed.join(" and ")} changes`);
    const work =
      changed.length === 1
        ? things.delete(changed[0] ?? "")
        : random.chance(0.5)
          ? things.clear()
          : cache.invalidate("guild");
    await work.then(
      () => forgotten.push(...known.map((one) => ({ ...one, at: world.now() }))),
      () => isolate.note("the outcome of an invalidation is unknown"),
    );
  }

  await world.runUntil(beginning + faultyMs);
  fleet.heal();
  await world.runUntil(beginning + faultyMs + settledMs);
  if (lastChecked < beginning + faultyMs) count("nothing was read from Redis after the last fault");
  return {
    violations: [...violations],
    exceptions: [...exceptions],
    timeline: world.timeline,
    figures: { reads, checked, hits, forgotten: forgotten.length, lost: lost.length },
  };
}

function createVariants(): Variant[] {
  return [
    {
      name: "an L1 hit that hears nothing",
      door: (redis) =>
        replacing(redis, {
          exec: ((words: string[]) =>
            words[0] === "XREAD" ? Promise.resolve(null) : redis.exec(words as [string])) as typeof redis.exec,
        }),
    },
    {
      name: "invalidations that are not published",
      door: (redis) =>
        replacing(redis, {
          exec: ((words: string[]) =>
            words[0] === "XADD" ? Promise.resolve("1-1") : redis.exec(words as [string])) as typeof redis.exec,
        }),
    },
    {
      name: "filled without the claim",
      door: (redis) =>
        replacing(redis, {
          // A fill that comes too late is written.
          exec: ((words: string[]) =>
            redis.exec(
              (words[3] === "IFEQ" ? [...words.slice(0, 3), ...words.slice(5)] : words) as [string],
            )) as typeof redis.exec,
        }),
    },
  ];
}
