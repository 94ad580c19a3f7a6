import * as v from "valibot";
import { createEngine, createRedisRestServer } from "../local/redis/index.ts";
import { createConnection, createRedisState } from "../src/redis/index.ts";
import { createSessions, sessionKind } from "../src/sessions/index.ts";
import { type Contender, type Sessions, ttlMs } from "./sessions/contender.ts";
import { plain } from "./sessions/plain.ts";
import { count, print, timed } from "./statistics.ts";

const token = "bench";
const kind = sessionKind({ name: "bench", schema: v.object({ count: v.number() }), ttlMs });

/** This project's store: every call in a new invocation of one isolate. */
const sandpiper: Contender = {
  name: "src/sessions",
  open(url) {
    const background: Promise<unknown>[] = [];
    const state = createRedisState();
    const store = () => {
      const connection = createConnection({ url, token, state, timeoutMs: 30_000 });
      const sessions = createSessions({
        redis: () => connection.commands,
        prefix: "sp:",
        maxPerOwner: 100,
        waitUntil: (work) => void background.push(work),
      });
      return { sessions, store: sessions.store(kind) };
    };
    return {
      create: async (owner) => (await store().store.create({ count: 0 }, { owner })).id,
      read: (owner, id) => store().store.find({ id, owner }),
      increment: (owner, id) =>
        store().store.update({ id, owner }, (data) => ({ count: data.count + 1 }), { attempts: 200 }),
      list: (owner) => store().store.list(owner),
      revokeAll: (owner) => store().sessions.endAll(owner),
      counter: async (owner, id) => (await store().store.get({ id, owner }))?.data.count ?? 0,
      async settled() {
        while (background.length > 0) await background.shift();
      },
    };
  },
};

const contenders = [sandpiper, ...plain];
const owner = "42";

/** Each row: prepares without being counted, then returns the work to count. */
const rows: [name: string, prepare: (sessions: Sessions) => Promise<() => Promise<unknown>>][] = [
  ["create", async (sessions) => (await sessions.create(owner), () => sessions.create(owner))],
  ["read, sliding", async (sessions) => withOne(sessions, (id) => sessions.read(owner, id))],
  ["update", async (sessions) => withOne(sessions, (id) => sessions.increment(owner, id))],
  ["list an owner's 50", async (sessions) => withFifty(sessions, () => sessions.list(owner))],
  ["revoke all 50", async (sessions) => withFifty(sessions, () => sessions.revokeAll(owner))],
];

/** Prints commands and round trips of the same work on the same server, and the losses of a thousand updates at once. */
export async function benchSessions(): Promise<void> {
  print("sessions: commands / round trips");
  print(`  ${"".padEnd(26)}${contenders.map(({ name }) => name.padStart(16)).join("")}`);
  for (const [name, prepare] of rows) {
    const cells: string[] = [];
    for (const contender of contenders) {
      const cell = await withServer(async (redis) => {
        const sessions = contender.open(redis.url, token);
        const work = await prepare(sessions);
        await sessions.settled();
        redis.resetCounters();
        await work();
        await sessions.settled();
        const { commands, requests } = redis.counters();
        return `${count(commands)} / ${count(requests)}`;
      });
      cells.push(cell.padStart(16));
    }
    print(`  ${name.padEnd(26)}${cells.join("")}`);
  }
  print("a thousand increments at once, from ten isolates: lost / refused, commands / round trips, ms");
  for (const contender of contenders) print(`  ${contender.name.padEnd(26)}${await withServer(crowd(contender))}`);
}

// --- Internal helpers ---

type Server = Awaited<ReturnType<typeof createRedisRestServer>>;

async function withServer<T>(work: (redis: Server) => Promise<T>): Promise<T> {
  const redis = await createRedisRestServer({ backend: await createEngine(), token });
  try {
    return await work(redis);
  } finally {
    await redis.close();
  }
}

async function withOne(sessions: Sessions, work: (id: string) => Promise<unknown>) {
  const id = await sessions.create(owner);
  return () => work(id);
}

async function withFifty(sessions: Sessions, work: () => Promise<unknown>) {
  for (let index = 0; index < 50; index++) await sessions.create(owner);
  return work;
}

const crowd = (contender: Contender) => async (redis: Server) => {
  const isolates = Array.from({ length: 10 }, () => contender.open(redis.url, token));
  const [first] = isolates;
  if (!first) throw new Error("There are no isolates.");
  const id = await first.create(owner);
  redis.resetCounters();
  let refused = 0;
  const ms = await timed(async () => {
    const all = isolates.flatMap((isolate) =>
      Array.from({ length: 100 }, () =>
        isolate.increment(owner, id).catch(() => {
          refused += 1;
        }),
      ),
    );
    await Promise.all(all);
  });
  const { commands, requests } = redis.counters();
  const lost = 1_000 - refused - (await first.counter(owner, id));
  return `${count(lost)} / ${refused}, ${count(commands)} / ${count(requests)}, ${ms.toFixed(0)}`;
};
