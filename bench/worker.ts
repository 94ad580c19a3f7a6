import { gzipSync } from "node:zlib";
import { createEngine, createRedisRestServer } from "../local/redis/index.ts";
import { count, median, print, shuffle } from "./statistics.ts";
import { bundle, start } from "./workerd.ts";

const goals = { warm: 0.95, coldMs: 3, botWarm: 0.9, botCold: 2.5 };
/** In each of 20 rounds every bot wakes 4 isolates. */
const cold = { rounds: 20, isolates: 4 };
const peers = {
  bare: "bare",
  "hono + discord-interactions": "hono-interactions",
  "discord-hono": "discord-hono",
  "slash-create/web": "slash-create",
  "src/discord": "sandpiper",
  "the whole bot": "bot",
};
/** The whole bot otherwise: its /ping asks Redis, its /help does not, as no peer's /ping does. Only the first answer is timed. */
const coldOnly = {
  "the whole bot, /help": { file: "bot", command: "help" },
  "without the dashboard": { file: "bot-without-dashboard", command: "ping" },
  "without the dashboard, /help": { file: "bot-without-dashboard", command: "help" },
  "the runtime with /ping alone": { file: "runtime", command: "ping" },
};

/** Signed /ping through one warm isolate, and through new ones, beside other ways to write the same bot. */
export async function benchWorker(): Promise<void> {
  const redis = await createRedisRestServer({ backend: await createEngine(), token: "bench" });
  const bindings = { UPSTASH_REDIS_REST_URL: redis.url, UPSTASH_REDIS_REST_TOKEN: "bench" };
  try {
    const times = await measureWarm(bindings);
    const rateOf = (name: string) => 1_000 / median(times[name] ?? []);
    const coldOf = await measureCold(bindings);
    const names = Object.keys(peers).filter((name) => name !== "bare");
    const fastest = names.toSorted((a, b) => rateOf(b) - rateOf(a))[0] ?? "";
    print(
      `signed /ping: warm, one isolate, median of 60 rounds of 500 in random order; cold, median of ${cold.rounds} rounds of ${cold.isolates} new isolates in random order, code to first answer`,
    );
    print("                                requests/s  of fastest     cold ms  gzip bytes");
    for (const [name, { ms, bytes }] of Object.entries(coldOf)) {
      const warm = name in peers ? [count(rateOf(name)), (rateOf(name) / rateOf(fastest)).toFixed(3)] : ["", ""];
      const columns = [...warm, median(ms).toFixed(1), count(bytes)];
      print(`  ${name.padEnd(28)} ${columns.map((column) => column.padStart(11)).join(" ")}`);
    }
    const warm = rateOf("src/discord") / rateOf(fastest);
    const more = median(coldOf["src/discord"]?.ms ?? []) - median(coldOf["hono + discord-interactions"]?.ms ?? []);
    print(
      `  src/discord: ${warm.toFixed(3)} of the fastest, ${fastest} (goal: at least ${goals.warm}); cold ${more.toFixed(1)} ms above hono + discord-interactions (goal: at most ${goals.coldMs})`,
    );
    const botWarm = rateOf("the whole bot") / rateOf(fastest);
    const coldRatio = (name: string) =>
      median(coldOf[name]?.ms ?? []) / median(coldOf["hono + discord-interactions"]?.ms ?? []);
    const botCold = coldRatio("the whole bot");
    print(
      `  the whole bot: ${botWarm.toFixed(3)} of the fastest (goal: at least ${goals.botWarm}); cold ${botCold.toFixed(2)} x hono + discord-interactions (goal: at most ${goals.botCold}); ${coldRatio("the whole bot, /help").toFixed(2)} x with an answer that asks Redis for nothing either, ${coldRatio("the runtime with /ping alone").toFixed(2)} x with no other feature`,
    );
    const isMet = warm >= goals.warm && more <= goals.coldMs && botWarm >= goals.botWarm && botCold <= goals.botCold;
    if (!isMet) process.exitCode = 1;
  } finally {
    await redis.close();
  }
}

// --- Internal helpers ---

async function measureWarm(bindings: Record<string, string>): Promise<Record<string, number[]>> {
  const miniflare = start(await bundle("driver.ts"), bindings);
  try {
    return (await (await miniflare.dispatchFetch("http://bench/")).json()) as Record<string, number[]>;
  } finally {
    await miniflare.dispose();
  }
}

async function measureCold(bindings: Record<string, string>): Promise<Record<string, { ms: number[]; bytes: number }>> {
  const miniflare = start(await bundle("cold.ts"), bindings, { workerLoaders: { LOADER: {} } });
  try {
    const results: Record<string, { ms: number[]; bytes: number; code: string; command: string }> = {};
    const pings = Object.entries(peers).map(([name, file]) => [name, { file, command: "ping" }] as const);
    for (const [name, { file, command }] of [...pings, ...Object.entries(coldOnly)]) {
      const code = await bundle(`peers/${file}.ts`);
      results[name] = { ms: [], bytes: gzipSync(code, { level: 9 }).length, code, command };
    }
    for (let round = -3; round < cold.rounds; round++) {
      for (const [name, { ms, code, command }] of shuffle(Object.entries(results))) {
        const url = `http://bench/?name=${encodeURIComponent(name)}&isolates=${cold.isolates}&command=${command}`;
        const response = await miniflare.dispatchFetch(url, { method: "POST", body: code });
        const text = await response.text();
        if (!response.ok) throw new Error(`${name}: ${text}`);
        if (round >= 0) ms.push((JSON.parse(text) as { ms: number }).ms);
      }
    }
    return results;
  } finally {
    await miniflare.dispose();
  }
}
