import { expect, it } from "vitest";
import { RedisReplyError } from "../../../src/redis/index.ts";
import { reportCache, reportCoordination, reportPubsub, reportRedis } from "../../../src/runtime/log-events.ts";

/** Returns the lines that a report writes. */
function linesOf<Event>(report: (log: (...line: unknown[]) => void, event: Event) => void, event: Event): unknown[] {
  const lines: unknown[] = [];
  report((...line) => void lines.push(line), event);
  return lines;
}

const error = new Error("no answer");

it("tells of the cache which kind, which key and why", () => {
  expect(linesOf(reportCache, { type: "fetch-failed", namespace: "user", key: "7", error })).toEqual([
    ["warn", "cache fetch-failed", { namespace: "user", key: "7", error: "Error: no answer" }],
  ]);
  const [[, , fields] = []] = linesOf(reportCache, { type: "redis-failed", namespace: "user", error }) as unknown[][];
  expect(Object.keys(fields as object)).toEqual(["namespace", "error"]);
  expect(linesOf(reportCache, { type: "repaired", namespace: "user", key: "7" })).toEqual([
    ["warn", "cache repaired", { namespace: "user", key: "7" }],
  ]);
});

it("tells of the bus who read, where, and which message, and never what it says", () => {
  const message = { channel: "a", id: "1", data: "secret" } as never;
  const lines = [
    ...linesOf(reportPubsub, { type: "dead-letter", group: "feeds", message, deliveries: 5, error }),
    ...linesOf(reportPubsub, { type: "unreadable", where: "t:b" }),
    ...linesOf(reportPubsub, { type: "poll-failed", reader: "isolate", error }),
  ] as [string, string, object][];
  expect(lines).toEqual([
    ["warn", "pubsub dead-letter", { channel: "a", message: "1", error: "Error: no answer" }],
    ["warn", "pubsub unreadable", { where: "t:b" }],
    ["warn", "pubsub poll-failed", { reader: "isolate", error: "Error: no answer" }],
  ]);
  expect(lines.map(([, , fields]) => Object.keys(fields))).toEqual([
    ["channel", "message", "error"],
    ["where"],
    ["reader", "error"],
  ]);
});

it("warns of coordination that failed or was refused, and notes the rest", () => {
  expect([
    ...linesOf(reportCoordination, { type: "failed", what: "hook", error }),
    ...linesOf(reportCoordination, { type: "notice-refused", token: 3 }),
    ...linesOf(reportCoordination, { type: "became-leader", token: 4 }),
  ]).toEqual([
    ["warn", "coordination failed", { type: "failed", what: "hook", error: "Error: no answer" }],
    ["warn", "coordination notice-refused", { type: "notice-refused", token: 3 }],
    ["debug", "coordination became-leader", { type: "became-leader", token: 4 }],
  ]);
});

it("tells of Redis the error, and its cure where an operator has one", () => {
  const refused = new RedisReplyError("GET", "WRONGTYPE Operation against a key");
  const [line] = linesOf(reportRedis, { type: "refused", error: refused } as never) as [string, string, object][];
  expect(line?.slice(0, 2)).toEqual(["error", "redis refused"]);
  expect(line?.[2]).toMatchObject({ error: refused.message, cure: expect.any(String) });
  expect(linesOf(reportRedis, { type: "restored" } as never)).toEqual([["info", "redis restored"]]);
});
