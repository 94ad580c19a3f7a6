import { type Check, right, unknown, wrong } from "./check.ts";

/** Discord's signatures are good for five minutes; times in Redis are compared by the second. */
const mostMs = 30_000;

export const clocks: Check = {
  name: "clocks",
  async run({ health, redis, settings }) {
    const reading = await health();
    const skews: [string, number][] = [];
    if (reading?.is === "read" && reading.health.now !== undefined)
      skews.push(["the Worker's", reading.health.now - reading.receivedAt]);
    if (settings.get("UPSTASH_REDIS_REST_URL") && settings.get("UPSTASH_REDIS_REST_TOKEN")) {
      const [seconds] = await redis().commands.exec<[string, string]>(["TIME"]);
      skews.push(["Redis's", Number(seconds) * 1_000 - Date.now()]);
    }
    if (skews.length === 0) return unknown("neither the Worker nor Redis can be asked");
    const shown = skews.map(
      ([whose, ms]) => `${whose} is ${(Math.abs(ms) / 1_000).toFixed(0)} s ${ms < 0 ? "behind" : "ahead"}`,
    );
    const isFar = skews.some(([, ms]) => Math.abs(ms) > mostMs);
    if (!isFar) return right(`those of the Worker, Redis and this machine agree within ${mostMs / 1_000} s`);
    return wrong(
      `beside this machine's, ${shown.join(", and ")}`,
      "set this machine's clock, and run npm run doctor again",
    );
  },
};
