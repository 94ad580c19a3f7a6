import { join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { createEngine, createRedisRestServer } from "../local/redis/index.ts";
import { count, median, print } from "./statistics.ts";

const root = join(import.meta.dirname, "..");
const goal = 0.9;

/** Signed /ping through one warm isolate, beside a worker that only verifies and answers. */
export async function benchWorker(): Promise<void> {
  const redis = await createRedisRestServer({ backend: await createEngine(), token: "bench" });
  const bundle = await build({
    entryPoints: [join(root, "bench/worker/driver.ts")],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
  });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      workers: [
        {
          name: "driver",
          compatibilityDate: "2026-10-23",
          bindings: { UPSTASH_REDIS_REST_URL: redis.url, UPSTASH_REDIS_REST_TOKEN: "bench" },
          modules: [{ type: "ESModule", path: "driver.mjs", contents: bundle.outputFiles[0]?.text ?? "" }],
        },
      ],
    }),
  );
  try {
    const response = await miniflare.dispatchFetch("http://bench/");
    const rates = (await response.json()) as { bare: number[]; sandpiper: number[] };
    const ratios = rates.sandpiper.map((rate, index) => rate / (rates.bare[index] ?? Number.NaN));
    print(`signed /ping, one warm isolate, ${ratios.length} rounds of 1,000, medians:`);
    print(`  bare worker   ${count(median(rates.bare))} requests/s`);
    print(
      `  sandpiper     ${count(median(rates.sandpiper))} requests/s, with ${redis.counters().commands} Redis commands in all`,
    );
    print(`  ratio         ${median(ratios).toFixed(3)} (goal: at least ${goal})`);
    if (median(ratios) < goal) process.exitCode = 1;
  } finally {
    await miniflare.dispose();
    await redis.close();
  }
}
