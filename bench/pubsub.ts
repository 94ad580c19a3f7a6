import { createEngine, createRedisRestServer } from "../local/redis/index.ts";
import { systemClock } from "../src/platform/index.ts";
import type { Pubsub } from "../src/pubsub/index.ts";
import { loop } from "./pubsub/loop.ts";
import { realtime } from "./pubsub/realtime.ts";
import { openPubsub, sandpiper } from "./pubsub/sandpiper.ts";
import { count, median, print, quantile, timed } from "./statistics.ts";

const token = "bench";
const contenders = [sandpiper, realtime, loop];
const rounds = 10;
const messagesPerRound = 20;
const fastMs = 250;
const latencies = 60;
const groupMessages = 5_000;

/** Measures messages: their cost on many channels, their latency, and the throughput of a worker group. */
export async function benchPubsub(): Promise<void> {
  print(
    `pubsub, ${rounds} rounds of ${messagesPerRound} messages to one listener, publishing included: commands per delivered message / requests / ms`,
  );
  print(`  ${"".padEnd(14)}${contenders.map(({ name }) => name.padStart(26)).join("")}`);
  for (const channelCount of [1, 50, 500]) {
    const cells: string[] = [];
    for (const contender of contenders) cells.push(await measure(contender, channelCount));
    print(`  ${`${channelCount} channels`.padEnd(14)}${cells.map((cell) => cell.padStart(26)).join("")}`);
  }
  await benchLatency();
  await benchGroup();
}

// --- Internal helpers ---

async function withRedis<T>(run: (redis: Awaited<ReturnType<typeof createRedisRestServer>>) => Promise<T>): Promise<T> {
  const redis = await createRedisRestServer({ backend: await createEngine(), token });
  try {
    return await run(redis);
  } finally {
    await redis.close();
  }
}

async function measure(contender: (typeof contenders)[number], channelCount: number): Promise<string> {
  return withRedis(async (redis) => {
    const channels = Array.from({ length: channelCount }, (_, index) => `guild.${index}`);
    const bus = await contender.open(redis.url, token, channels);
    redis.resetCounters();
    const ms = await timed(async () => {
      for (let round = 0; round < rounds; round++) {
        await Promise.all(
          Array.from({ length: messagesPerRound }, (_, index) =>
            bus.publish(channels[(round * messagesPerRound + index) % channelCount] ?? "", index),
          ),
        );
        await bus.hear((round + 1) * messagesPerRound);
      }
    });
    const { commands, requests } = redis.counters();
    await bus.close();
    return `${(commands / (rounds * messagesPerRound)).toFixed(2)} / ${count(requests)} / ${ms.toFixed(0)}`;
  });
}

/** From a publish that is acknowledged to its handler, in another isolate that polls. */
async function benchLatency(): Promise<void> {
  await withRedis(async (redis) => {
    const publisher = openPubsub(redis.url, token);
    const listener = openPubsub(redis.url, token);
    const times: number[] = [];
    const handled = new Map<number, number>();
    listener.subscribe<number>("all", ({ data }) => void handled.set(data, performance.now()));
    await publisher.publish("before", 0);
    await listener.poll();
    const abort = new AbortController();
    const polling = pollUntil(abort.signal, listener);
    for (let index = 0; index < latencies; index++) {
      await publisher.publish("all", index);
      const acknowledgedAt = performance.now();
      await pause(100 + Math.random() * 400);
      while (!handled.has(index)) await pause(5);
      times.push(Math.max(0, (handled.get(index) ?? 0) - acknowledgedAt));
    }
    abort.abort();
    await polling;
    const [middle, last] = [median(times), quantile(times, 0.99)];
    print(
      `  from acknowledged to handled, polled every ${fastMs} ms, ${latencies} messages: median ${middle.toFixed(0)} ms (goal: at most ${fastMs}), p99 ${last.toFixed(0)} ms (goal: at most ${2 * fastMs})`,
    );
    if (middle > fastMs || last > 2 * fastMs) process.exitCode = 1;
  });
}

async function pollUntil(signal: AbortSignal, listener: Pubsub): Promise<void> {
  while (!signal.aborted) {
    await listener.poll();
    await systemClock.sleep(fastMs, signal);
  }
}

async function benchGroup(): Promise<void> {
  await withRedis(async (redis) => {
    const pubsub = openPubsub(redis.url, token);
    const group = pubsub.group("bench");
    let handled = 0;
    group.subscribe("*", () => void (handled += 1));
    for (let sent = 0; sent < groupMessages; sent += 500) {
      await Promise.all(Array.from({ length: 500 }, (_, index) => pubsub.publish(`feed.${index % 10}`, index)));
    }
    redis.resetCounters();
    const ms = await timed(async () => {
      while ((await group.poll()).hasMore);
      await group.flush();
    });
    const { commands } = redis.counters();
    print(
      `  one worker group, ${count(handled)} messages of 10 channels: ${count(handled / (ms / 1_000))} messages/s, ${(commands / handled).toFixed(3)} commands each`,
    );
  });
}

const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));
