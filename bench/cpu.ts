import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Miniflare } from "miniflare";
import { createEngine, createRedisRestServer } from "../local/redis/index.ts";
import { createJobs } from "../src/jobs/index.ts";
import { createPubsub, createPubsubState } from "../src/pubsub/index.ts";
import { createConnection, createRedisState } from "../src/redis/index.ts";
import { print } from "./statistics.ts";
import { bundle, start } from "./workerd.ts";

const token = "bench";
const goalMs = 10;

interface Row {
  name: string;
  ticks: number;
  /** How many messages each tick sends to Discord. */
  messages: number;
  /** Puts into Redis what the next tick finds there. */
  prepare(world: World): Promise<unknown>;
}

const rows: Row[] = [
  { name: "idle", ticks: 200, messages: 0, prepare: async () => {} },
  {
    name: "20 reminders due",
    ticks: 20,
    messages: 20,
    prepare: ({ jobs }) =>
      Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          jobs.schedule({
            kind: "remind",
            owner: String(index),
            data: { about: "tea", channelId: "1" },
            dueAt: Date.now(),
          }),
        ),
      ),
  },
  {
    name: "a post to 100 channels",
    ticks: 10,
    messages: 100,
    async prepare({ jobs, pubsub }) {
      await pubsub.publish("feed.bench", "news");
      await jobs.wake("feeds", Date.now());
    },
  },
];

/**
 * Milliseconds of CPU that one cron tick takes, in a warm isolate: the user and system time of the workerd process over many
 * ticks, less that of as many requests to the same process which do nothing. The process also sends and receives what the
 * Worker does, which a platform does not charge: the numbers are an upper bound. Needs Linux, for `/proc`.
 */
export async function benchCpu(): Promise<void> {
  if (process.platform !== "linux") return print("CPU of a cron tick: needs Linux, for /proc");
  const world = await createWorld();
  try {
    const emptyMs = await perTick(world, { name: "", ticks: 200, messages: 0, prepare: async () => {} }, "/");
    print("CPU of a cron tick of the whole bot, warm, in ms of the workerd process, less a request that does nothing");
    for (const row of rows) {
      const ms = (await perTick(world, row, "/tick")) - emptyMs;
      print(
        `  ${row.name.padEnd(28)}${ms.toFixed(1).padStart(8)}${row.name === "idle" ? `   (goal: at most ${goalMs})` : ""}`,
      );
      if (row.name === "idle" && ms > goalMs) process.exitCode = 1;
    }
  } finally {
    await world.close();
  }
}

// --- Internal helpers ---

type World = Awaited<ReturnType<typeof createWorld>>;

/** The bot in workerd; Redis, and a Discord that takes every message, in this process. */
async function createWorld() {
  const redis = await createRedisRestServer({ backend: await createEngine(), token });
  const sent = { messages: 0 };
  const discord = createServer((request, response) => {
    if (request.url?.endsWith("/messages")) sent.messages += 1;
    request.resume().on("end", () => response.setHeader("Content-Type", "application/json").end('{"id":"1"}'));
  });
  await new Promise<void>((resolve) => discord.listen(0, "127.0.0.1", resolve));
  const others = new Set(children());
  const miniflare = start(await bundle("ticker.ts"), {
    DISCORD_APPLICATION_ID: "1100000000000000001",
    DISCORD_PUBLIC_KEY: "00".repeat(32),
    DISCORD_BOT_TOKEN: "bench",
    DISCORD_API_URL: `http://127.0.0.1:${(discord.address() as AddressInfo).port}`,
    UPSTASH_REDIS_REST_URL: redis.url,
    UPSTASH_REDIS_REST_TOKEN: token,
    SUBREQUESTS: "1000",
    LOG_LEVEL: "warn",
  });
  await miniflare.ready;
  const workerd = children().filter((pid) => !others.has(pid));
  const { commands } = createConnection({ url: redis.url, token, state: createRedisState() });
  const services = { redis: () => commands, prefix: "sp:" };
  const jobs = createJobs(services);
  const pubsub = createPubsub({ ...services, state: createPubsubState(), source: "bench", waitUntil: () => {} });
  await Promise.all(
    Array.from({ length: 100 }, (_, index) => commands.hset("sp:f:bench", { [`11000000000000${1_000 + index}`]: "1" })),
  );
  return {
    miniflare,
    workerd,
    jobs,
    pubsub,
    sent,
    async close() {
      await miniflare.dispose();
      discord.close();
      discord.closeAllConnections();
      await redis.close();
    },
  };
}

/** Milliseconds of CPU that workerd uses for one request to `path`, after three that do not count. */
async function perTick(world: World, { name, ticks, messages, prepare }: Row, path: string): Promise<number> {
  let spentMs = 0;
  for (let tick = -3; tick < ticks; tick++) {
    await prepare(world);
    const before = { messages: world.sent.messages, cpuMs: cpuMs(world.workerd) };
    await send(world.miniflare, path);
    if (tick < 0) continue;
    spentMs += cpuMs(world.workerd) - before.cpuMs;
    const delivered = world.sent.messages - before.messages;
    if (delivered !== messages) throw new Error(`${name}: ${delivered} messages sent, not ${messages}`);
  }
  return spentMs / ticks;
}

async function send(miniflare: Miniflare, path: string): Promise<void> {
  const response = await miniflare.dispatchFetch(`http://bench${path}`, { method: "POST" });
  if (!response.ok) throw new Error(await response.text());
  await response.text();
}

/** The processes that this one has started. */
function children(): number[] {
  const parentOf = (pid: string): string | undefined => {
    try {
      return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[1];
    } catch {
      return undefined;
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === String(process.pid))
    .map(Number);
}

/** What the threads of processes have run, from the scheduler's own clock: `/proc/<pid>/stat` counts in steps of 10 ms. */
function cpuMs(pids: readonly number[]): number {
  const threads = pids.flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}/schedstat`),
  );
  return threads.reduce((sum, path) => sum + Number(readFileSync(path, "utf8").split(" ", 1)[0]) / 1e6, 0);
}
