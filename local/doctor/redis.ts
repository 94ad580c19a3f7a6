import { randomUUID } from "node:crypto";
import { prefixOf } from "../deployment/clients.ts";
import { hiddenBy, repliesCure } from "../deployment/redis-replies.ts";
import { type Check, right, wrong } from "./check.ts";

const pings = 3;

/** The variables of the database. */
export const ofRedis = ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"];

export const redis: Check = {
  name: "redis",
  needs: ofRedis,
  async run({ redis, settings, health }) {
    const { commands } = redis();
    const times: number[] = [];
    for (let count = 0; count <= pings; count++) {
      const startedAt = performance.now();
      await commands.ping();
      times.push(performance.now() - startedAt);
    }
    // The first one opens the connection.
    const ms = Math.round(times.slice(1).toSorted((a, b) => a - b)[1] ?? 0);
    const reading = await health();
    const atWorker = reading?.is === "read" ? reading.health.redis?.latencyMs : undefined;
    const worker = atWorker === undefined ? "" : `, ${atWorker} ms from the Worker`;
    return right(
      `${new URL(settings.get("UPSTASH_REDIS_REST_URL") ?? "").host} answers in ${ms} ms from here${worker}`,
    );
  },
};

export const replies: Check = {
  name: "redis-replies",
  needs: ofRedis,
  async run({ redis, settings }) {
    const hiding = await hiddenBy(redis().commands, `${prefixOf(settings)}doctor:${randomUUID()}`);
    if (hiding === undefined)
      return right("writes with a condition tell the stored value, as leases and claims need it");
    return wrong(`${hiding} does not tell the stored value where its condition fails`, repliesCure);
  },
};
