import { describe, expect, it } from "vitest";
import { CacheBusyError, CacheFetchFailedError, CacheTimeoutError } from "../../../src/cache/index.ts";
import { DiscordRateLimitError } from "../../../src/discord/index.ts";
import { PublishUncertainError, WrongTypeError } from "../../../src/pubsub/index.ts";
import {
  createConnection,
  createRedisState,
  RedisBusyError,
  RedisCircuitOpenError,
  type RedisEvent,
  RedisGateTimeoutError,
  RedisReplyError,
  RedisUnknownOutcomeError,
} from "../../../src/redis/index.ts";
import { explainFailure, explainProblem } from "../../../src/runtime/failures.ts";
import { SessionConflictError, SessionTooLargeError } from "../../../src/sessions/index.ts";
import { partsOf } from "../../support/connection.ts";

/** Redis as it answers everything with one error: to the request as a whole, or to each command. */
function refusing(text: string, status: number) {
  const events: RedisEvent[] = [];
  const answer = async (_input: unknown, init?: { body?: unknown }) => {
    const commands = JSON.parse(String(init?.body)) as unknown[];
    return Response.json(status === 200 ? commands.map(() => ({ error: text })) : { error: text }, { status });
  };
  const connection = createConnection({
    url: "https://redis.test",
    token: "t",
    state: createRedisState(),
    fetch: answer,
    report: (event) => events.push(event),
  });
  return { ...partsOf(connection), events };
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe.each([
  ["WRONGTYPE Operation against a key holding the wrong kind of value", 200, "damaged", "cannot read"],
  [
    "WRONGTYPE Operation against a key holding the wrong kind of value script: 1, on @user_script:1.",
    200,
    "damaged",
    "cannot read",
  ],
  ["ERR max requests limit exceeded. Limit: 500000, Usage: 500001. See https://upstash.com/docs", 400, "quota", "plan"],
  ["ERR max requests limit exceeded. Limit: 500000, Usage: 500001. See https://upstash.com/docs", 429, "quota", "plan"],
  ["ERR max daily request limit exceeded. Limit: 10000, Usage: 10000", 200, "quota", "plan"],
  ["OOM command not allowed when used memory > 'maxmemory'.", 200, "full", "is full"],
  ["ERR DB capacity quota exceeded", 400, "full", "is full"],
  ["READONLY You can't write against a read only replica.", 200, "read-only", "not write"],
  ["NOPERM this user has no permissions to run the 'set' command", 200, "read-only", "not write"],
  ["NOPERM this user has no permissions to run the 'set' command", 403, "read-only", "not write"],
  ["WRONGPASS invalid or missing auth token.", 401, "token", "token"],
  ["Unauthorized", 401, "token", "token"],
  ["ERR max request size exceeded. Limit: 10485760 bytes, Actual: 10485761 bytes", 413, "too-large", "too large"],
  ["ERR something new", 200, "other", "log says why"],
])("the answer %s (HTTP %i)", (text, status, problem, sentence) => {
  it(`is told to people as ${problem}, and never as an outage (${status}: ${text.slice(0, 20)})`, async () => {
    const { commands, stats, events } = refusing(text, status);
    for (let index = 0; index < 8; index++) {
      const error = await failureOf(commands.set("k", "v"));
      expect(explainFailure(error)).toContain(sentence);
      expect(explainFailure(error)).not.toContain("does not answer");
      expect(explainProblem(error)).toMatchObject({ problem });
    }
    expect(stats()).toMatchObject({ circuit: "closed", retries: 0 });
    if (["quota", "full", "read-only", "token"].includes(problem)) {
      const reported = events.flatMap((event) => ("error" in event ? [explainProblem(event.error)?.problem] : []));
      expect(reported).toEqual(Array.from({ length: 8 }, () => problem));
    }
  });
});

it("cures a full database without eviction, which drops what has no copy", () => {
  const cure = explainProblem(new RedisReplyError("SET", "ERR DB capacity quota exceeded"))?.cure;
  expect(cure).toMatch(/Make room, or raise the plan/);
  expect(cure).not.toMatch(/eviction/i);
});

it("tells a busy isolate from a memory that does not answer", () => {
  for (const error of [new RedisBusyError(250, 900), new RedisGateTimeoutError(250), new CacheBusyError("k")]) {
    expect(explainFailure(error)).toBe("The bot has too much to do at the moment. Please try again in a few seconds.");
  }
  expect(explainFailure(new RedisCircuitOpenError(0))).toContain("does not answer");
});

it.each([
  [new RedisUnknownOutcomeError("SET", new Error("lost")), /may or may not have been done/],
  [new PublishUncertainError("posts", "1"), /may or may not have been done/],
  [new WrongTypeError("sp:b:main"), /cannot read what it kept/],
  [new DiscordRateLimitError("GET /x", 5_000), /Discord is limiting/],
  [new SessionConflictError("poll", "1", 2, "it was changed"), /Too many people did this at once/],
  [new SessionTooLargeError("poll", 2, 1), /is full: there is no room/],
])("has a sentence for %s, and no cure that an operator had to find", (error, sentence) => {
  expect(explainFailure(error)).toMatch(sentence);
  expect(explainProblem(error)).toBeUndefined();
});

it("has no sentence for an error that it does not know, nor for one that a part throws about its use", () => {
  for (const error of [new Error("secret"), "secret", undefined, new RangeError("secret")]) {
    expect([explainFailure(error), explainProblem(error)]).toEqual([undefined, undefined]);
  }
});

it("has a sentence for each error with which the cache gives up a fetch", () => {
  expect(explainFailure(new CacheTimeoutError("k", 5_000))).toContain("took too long");
  expect(explainFailure(new CacheFetchFailedError("k", "secret"))).toMatch(/failed a moment ago/);
  expect(explainFailure(new CacheFetchFailedError("k", "secret"))).not.toContain("secret");
});
