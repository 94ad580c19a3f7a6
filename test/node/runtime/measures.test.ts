import { describe, expect, it } from "vitest";
import { createCacheState } from "../../../src/cache/index.ts";
import type { Done } from "../../../src/discord/index.ts";
import type { JobEvent } from "../../../src/jobs/index.ts";
import { createIsolate } from "../../../src/runtime/isolate.ts";
import { countersOf, countRequest, createMeasures, monthly } from "../../../src/runtime/measures.ts";

const now = Date.parse("2026-06-10T12:00:00Z");

/** Counts into a fresh isolate. */
function createCounting() {
  const isolate = createIsolate({ clock: { now: () => now, sleep: async () => {}, random: () => 0 } });
  return {
    isolate,
    measures: createMeasures(isolate, () => now),
    counted: () => Object.fromEntries(isolate.metrics.minutes.get(now / 60_000) ?? []),
  };
}

const done = (outcome: Done["outcome"]) => ({ handler: "/ping", kind: "command", outcome, answerMs: 7 }) as Done;

describe("what is counted", () => {
  it("of Redis is by its cause, and earns reports unless it was one", () => {
    const { isolate, measures, counted } = createCounting();
    measures.meter.billed("jobs", 10);
    measures.meter.billed("jobs", 2);
    measures.meter.answered(8);
    measures.meter.answered(4);
    expect(measures.redis).toEqual({ commands: 12, requests: 2, ms: 12 });
    expect(isolate.metrics.credit).toBeCloseTo(1.6, 9);
    measures.meter.billed("metrics", 1);
    expect(isolate.metrics.credit).toBeCloseTo(0.6, 9);
    expect(counted()).toEqual({
      "redis_commands|jobs": 12,
      "redis_commands|metrics": 1,
      redis_latency: [12, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    });
    expect(isolate.metrics.hasWorked).toBe(false);
  });

  it("of interactions is by handler, kind and outcome, and failures apart", () => {
    const { isolate, measures, counted } = createCounting();
    measures.interaction(done("ok"));
    expect(isolate.metrics.hasWorked).toBe(true);
    expect(counted()["interaction_errors"]).toBeUndefined();
    measures.interaction(done("failed"));
    measures.interaction(done("failed"));
    expect(counted()).toEqual({
      "interactions|/ping|command|ok": 1,
      "interactions|/ping|command|failed": 2,
      "interaction_latency|/ping|command": [21, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0],
      interaction_errors: 2,
    });
  });

  it.each([
    [0, "none"],
    [200, "2xx"],
    [299, "2xx"],
    [404, "4xx"],
    [428, "4xx"],
    [429, "429"],
    [430, "4xx"],
    [503, "5xx"],
  ])("of Discord's answers is by their class: %i is %s", (status, name) => {
    const { measures, counted } = createCounting();
    measures.attempt({ status, ms: 3 } as Parameters<typeof measures.attempt>[0]);
    expect(counted()).toEqual({
      [`discord_requests|${name}`]: 1,
      discord_latency: [3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    });
  });

  it("of jobs is by a kind that is known, with how late those began that are done", () => {
    const { measures, counted } = createCounting();
    const known = new Set(["remind"]);
    const event = (type: string, kind: string, lateMs = 0) => ({ type, job: { kind }, lateMs }) as unknown as JobEvent;
    measures.job(event("done", "remind", 30), known);
    measures.job(event("done", "remind", -5), known);
    measures.job(event("retry", "remind"), known);
    measures.job(event("occurrence-failed", "remind"), known);
    measures.job(event("dead", "stranger"), known);
    measures.job({ type: "failed", error: new Error("x") }, known);
    expect(counted()).toEqual({
      "job_runs|remind|done": 2,
      "job_late|remind": [30, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0],
      "job_runs|remind|retried": 1,
      "job_runs|remind|failed": 1,
      "job_runs|unknown|dead": 1,
    });
  });

  it("of sessions is by kind and use, and of requests is no work", () => {
    const { isolate, measures, counted } = createCounting();
    countRequest(isolate, now, "tick");
    countRequest(isolate, now, "fetch");
    expect(isolate.metrics.hasWorked).toBe(false);
    measures.session("read", "setup");
    expect(isolate.metrics.hasWorked).toBe(true);
    expect(counted()).toEqual({ "requests|tick": 1, "requests|fetch": 1, "sessions|setup|read": 1 });
    expect(monthly).toEqual(["redis_commands", "requests"]);
  });
});

it("names the counters of the cache, the bus and Redis as the status reads them", () => {
  const { isolate } = createCounting();
  const cache = createCacheState();
  cache.stats.set("user", {
    localHits: 1,
    redisHits: 2,
    staleHits: 3,
    misses: 4,
    fetches: 5,
    fetchFailures: 6,
  } as never);
  Object.assign(isolate.pubsub.counters, { published: 7, delivered: 8, failed: 9, gaps: 10, deadLetters: 11 });
  Object.assign(isolate.redis.counters, { requests: 12, errors: 13, retries: 14, timeouts: 15 });
  expect(Object.fromEntries(countersOf({ cache, pubsub: isolate.pubsub, redis: isolate.redis }))).toEqual({
    "cache_reads|user|local": 1,
    "cache_reads|user|redis": 2,
    "cache_reads|user|stale": 3,
    "cache_reads|user|miss": 4,
    "cache_fetches|user|all": 5,
    "cache_fetches|user|failed": 6,
    "bus|published": 7,
    "bus|delivered": 8,
    "bus|failed": 9,
    "bus|gaps": 10,
    "bus|deadLetters": 11,
    "redis|requests": 12,
    "redis|errors": 13,
    "redis|retries": 14,
    "redis|timeouts": 15,
  });
});
