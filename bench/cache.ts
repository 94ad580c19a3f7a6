import { createEngine, createRedisRestServer, type RedisRestServer } from "../local/redis/index.ts";
import { cacheKind, createCache, createCacheState } from "../src/cache/index.ts";
import { createConnection, createRedisState } from "../src/redis/index.ts";
import { bento } from "./cache/bento.ts";
import { cacheables } from "./cache/cacheable.ts";
import { type Contender, type Isolate, ids, ttlMs } from "./cache/contender.ts";
import { seed } from "./cache/seed.ts";
import { count, median, print, timed } from "./statistics.ts";

const token = "bench";
const fetchMs = 50;

const plain = cacheKind<string>({ name: "plain", ttlMs, isTagged: false, earliness: 0 });
const tagged = cacheKind<string>({ name: "tagged", ttlMs, tagsOf: () => ["one", "two"], earliness: 0 });

/** This cache: an isolate is one L1, and its calls go through one connection, as those of an invocation do. */
const sandpiper: Contender = {
  name: "src/cache",
  open(url) {
    const background: Promise<unknown>[] = [];
    const connection = createConnection({ url, token, state: createRedisState() });
    const cache = createCache({
      state: createCacheState(),
      redis: () => connection.commands,
      prefix: "sp:",
      waitUntil: (work) => void background.push(work),
    });
    return {
      get: (id, fetcher) => cache.of(plain).get(id, fetcher),
      getTagged: (id, fetcher) => cache.of(tagged).get(id, fetcher),
      getMany: async (wanted) => (await cache.of(plain).getMany(wanted)).size,
      setMany: (values) => cache.of(tagged).setMany(values),
      setManyPlain: (values) => cache.of(plain).setMany(values),
      clear: () => cache.of(tagged).clear(),
      async settled() {
        while (background.length > 0) await background.shift();
      },
    };
  },
};

const contenders = [sandpiper, bento, cacheables, seed];

interface Row {
  name: string;
  /** Prepares without being counted, and returns the work that is counted. */
  prepare(open: () => Isolate, fetcher: () => Promise<string>): Promise<() => Promise<unknown>>;
}

const failing = async (): Promise<string> => {
  await new Promise((resolve) => void setTimeout(resolve, fetchMs));
  throw new Error("away");
};

const rows: Row[] = [
  {
    name: "hit in Redis",
    async prepare(open, fetcher) {
      await filled(open(), (isolate) => isolate.get("1", fetcher));
      const isolate = open();
      return () => isolate.get("1", fetcher);
    },
  },
  {
    name: "hit with three tags",
    async prepare(open, fetcher) {
      await filled(open(), (isolate) => isolate.getTagged("1", fetcher));
      const isolate = open();
      return () => isolate.getTagged("1", fetcher);
    },
  },
  { name: "miss + fill", prepare: async (open, fetcher) => run(open(), (isolate) => isolate.get("1", fetcher)) },
  {
    name: "100 concurrent misses",
    prepare: async (open, fetcher) => run(open(), (isolate) => hundred(() => isolate.get("1", fetcher))),
  },
  {
    name: "two isolates x 100 misses",
    async prepare(open, fetcher) {
      const isolates = [open(), open()];
      return async () => {
        await Promise.all(isolates.map((isolate) => hundred(() => isolate.get("1", fetcher))));
        for (const isolate of isolates) await isolate.settled();
      };
    },
  },
  {
    name: "batch of 50",
    async prepare(open) {
      await filled(open(), (isolate) => isolate.setManyPlain(new Map(ids(50).map((id) => [id, "x"]))));
      const isolate = open();
      return () => isolate.getMany(ids(50));
    },
  },
  {
    name: "clear of 1,000",
    async prepare(open) {
      const isolate = open();
      await filled(isolate, () => isolate.setMany(new Map(ids(1_000).map((id) => [id, "x"]))));
      return () => isolate.clear();
    },
  },
  {
    name: "failing fetcher x 100",
    prepare: async (open) => run(open(), (isolate) => hundred(() => isolate.get("1", failing).catch(() => undefined))),
  },
];

/** Commands, round trips and time of the same work, on the same server. */
export async function benchCache(): Promise<void> {
  print(`cache, a fetcher of ${fetchMs} ms: commands / round trips / fetches / ms`);
  print(`  ${"".padEnd(26)}${contenders.map(({ name }) => name.padStart(24)).join("")}`);
  for (const row of rows) {
    const cells: string[] = [];
    for (const contender of contenders) cells.push(await measure(row, contender));
    print(`  ${row.name.padEnd(26)}${cells.map((cell) => cell.padStart(24)).join("")}`);
  }
  await benchLocalHit();
}

// --- Internal helpers ---

async function measure(row: Row, { open }: Contender): Promise<string> {
  const redis: RedisRestServer = await createRedisRestServer({ backend: await createEngine(), token });
  let fetches = 0;
  const fetcher = async () => {
    fetches += 1;
    await new Promise((resolve) => void setTimeout(resolve, fetchMs));
    return "value";
  };
  try {
    const work = await row.prepare(() => open(redis.url, token), fetcher);
    redis.resetCounters();
    fetches = 0;
    const ms = await timed(work);
    const { commands, requests } = redis.counters();
    return `${count(commands)} / ${count(requests)} / ${fetches} / ${ms.toFixed(0)}`;
  } catch (error) {
    return error instanceof Error && error.message === "not there" ? "-" : "failed";
  } finally {
    await redis.close();
  }
}

async function filled(isolate: Isolate, fill: (isolate: Isolate) => Promise<unknown>): Promise<void> {
  await fill(isolate);
  await isolate.settled();
}

const run = (isolate: Isolate, work: (isolate: Isolate) => Promise<unknown>) => async () => {
  await work(isolate);
  await isolate.settled();
};

const hundred = (work: () => Promise<unknown>) => Promise.all(Array.from({ length: 100 }, work));

async function benchLocalHit(): Promise<void> {
  const redis = await createRedisRestServer({ backend: await createEngine(), token });
  const isolate = sandpiper.open(redis.url, token);
  await filled(isolate, () => isolate.get("1", async () => "value"));
  const map = new Map([["1", { value: "value", until: Date.now() + 600_000 }]]);
  const bare = async (id: string) => {
    const entry = map.get(id);
    return entry && entry.until > Date.now() ? entry.value : undefined;
  };
  const calls = 50_000;
  const nanoseconds: [number[], number[]] = [[], []];
  for (let round = -2; round < 15; round++) {
    for (const [index, get] of [bare, (id: string) => isolate.get(id, async () => "value")].entries()) {
      const ms = await timed(async () => {
        for (let call = 0; call < calls; call++) await get("1");
      });
      if (round >= 0) nanoseconds[index]?.push((ms / calls) * 1e6);
    }
  }
  const [floor, own] = nanoseconds.map(median);
  print(
    `  L1 hit ${count(own ?? 0)} ns, a Map with a time ${count(floor ?? 0)} ns, ratio ${((own ?? 0) / (floor ?? 1)).toFixed(2)} (goal: at most 2)`,
  );
  await redis.close();
}
