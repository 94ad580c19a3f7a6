import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../deployment/failures.ts";
import { type HealthReading, readHealth } from "../deployment/health.ts";
import type { Worker } from "./deploy.ts";
import type { Step } from "./step.ts";

const withinMs = 120_000;
const pauseMs = 1_000;

export const health: Step<{ worker: Worker; withinMs?: number }, void> = {
  title: "Health",
  does: "Waits until the Worker answers at /health, in this version, and reaches Redis. A new address takes up to two minutes.",
  async run({ worker, withinMs: limitMs = withinMs }, { say }) {
    const until = Date.now() + limitMs;
    for (;;) {
      const reading = await readHealth(worker.url);
      const problem = problemWith(reading, worker);
      if (!problem) return say("The Worker answers, and reaches Redis.");
      // A Worker that names what it lacks does not mend in a moment.
      const isFinal = reading.is === "read" && reading.health.error !== undefined && isCurrent(reading, worker);
      if (isFinal || Date.now() > until) throw problem;
      await sleep(pauseMs);
    }
  },
};

// --- Internal helpers ---

const isCurrent = (reading: HealthReading, { tag }: Worker): boolean =>
  reading.is === "read" && (reading.health.version?.tag ?? tag) === tag;

function problemWith(reading: HealthReading, worker: Worker): Failure | undefined {
  const { url } = worker;
  if (reading.is === "unreachable") {
    return new Failure(
      `${url}/health does not answer: ${reading.reason}`,
      `Open ${url}/health in a browser. Does it answer there, run npm run setup again.`,
    );
  }
  if (reading.is === "strange") {
    return new Failure(
      `${url}/health answers HTTP ${reading.status} "${reading.text}": this is not the bot.`,
      "Is another Worker of this name in the account? Give this one another `name` in wrangler.toml, and run npm run setup again.",
    );
  }
  const { error, redis } = reading.health;
  if (!isCurrent(reading, worker)) {
    return new Failure(`${url} still answers with an earlier version.`, "Wait a minute, and run npm run setup again.");
  }
  if (error !== undefined) return new Failure(`The Worker says: ${error}`, "Correct it, and run npm run setup again.");
  if (redis?.ok === false) {
    return new Failure(
      `The Worker does not reach Redis: ${redis.reason ?? "no reason given"}`,
      "Does the database allow connections from everywhere (its IP allow-list is off)? Then run npm run setup again.",
    );
  }
  return undefined;
}
