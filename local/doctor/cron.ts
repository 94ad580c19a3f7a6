import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createJobs } from "../../src/jobs/index.ts";
import { createKeys, wakeId } from "../../src/jobs/keys.ts";
import { prefixOf } from "../deployment/clients.ts";
import { type Check, right, unknown, wrong } from "./check.ts";
import type { Facts } from "./facts.ts";
import { ofRedis } from "./redis.ts";

/** A tick comes once a minute. */
const recentMs = 75_000;
const pauseMs = 1_500;
/** A wake-up of a name that no feed has: the tick that finds it removes it. */
const probe = "doctor";

export const cron: Check = {
  name: "cron",
  needs: ofRedis,
  async run(facts) {
    const config = readFileSync(join(facts.root, "wrangler.toml"), "utf8");
    if (!/^crons\s*=\s*\[\s*"\* \* \* \* \*"/m.test(config)) {
      return wrong(
        "wrangler.toml has no cron of once a minute",
        'set crons = ["* * * * *"] under [triggers], and npm run deploy',
      );
    }
    const reading = await facts.health();
    if (!reading) return unknown("it is not known where the Worker is, and so whose ticks these would be: give --url");
    // The answer may come from an isolate that never ticks.
    const { tickedAt, now = Date.now() } = reading.is === "read" ? reading.health : {};
    const agoMs = tickedAt ? now - tickedAt : undefined;
    if (agoMs !== undefined && agoMs < recentMs) return right(`the last tick began ${seconds(agoMs)} ago`);
    if (facts.waitMs === 0)
      return unknown("the isolate that answers has not ticked; without --wait 0, a tick is waited for");
    const ms = await untilProbed(facts);
    if (ms !== undefined) return right(`a tick took up a wake-up after ${seconds(ms)}`);
    return wrong(
      `no tick took up a wake-up within ${seconds(facts.waitMs)}`,
      "a new trigger takes up to 15 minutes to begin; after that npm run deploy, then look at the Worker's Cron Triggers at https://dash.cloudflare.com",
    );
  },
};

// --- Internal helpers ---

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;

/** Leaves a wake-up in Redis, and returns after how long a tick took it up; undefined when none did. */
async function untilProbed({ redis, settings, waitMs }: Facts): Promise<number | undefined> {
  const { commands } = redis();
  const prefix = prefixOf(settings);
  const jobs = createJobs({ redis: () => commands, prefix });
  const startedAt = Date.now();
  await jobs.wake(probe, startedAt);
  try {
    while (Date.now() - startedAt < waitMs) {
      const score = await commands.exec<string | null>(["ZSCORE", createKeys(prefix).due, wakeId(probe)]);
      // A claim moves it, and its end removes it.
      if (score === null || Number(score) !== startedAt) return Date.now() - startedAt;
      await sleep(pauseMs);
    }
    return undefined;
  } finally {
    await jobs.unwake(probe, startedAt);
  }
}
