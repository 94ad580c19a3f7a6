import { expect, it } from "vitest";
import type { ExchangeView } from "../../../../local/playground/protocol.ts";
import { createAttribution } from "../../../../local/playground/server/attribution.ts";
import type { Exchange, Exchanges } from "../../../../local/playground/server/exchanges.ts";

/** Exchanges that are kept in a list, and an attribution at a time that the test chooses. */
function start({ isMarked = true } = {}) {
  const kept: Exchange[] = [];
  const changes: string[] = [];
  let now = 10_000;
  const exchanges: Exchanges = {
    all: () => kept,
    get: (id) => kept.find(({ view }) => view.id === id),
    ofInteraction: () => undefined,
    cause: () => undefined,
    take() {},
    add: (exchange) => void kept.push(exchange),
    changed: ({ view }) => void changes.push(view.id),
    replace() {},
  };
  const attribution = createAttribution({ exchanges, now: () => now, isMarked });
  const add = (id: string, more: Partial<ExchangeView> = {}) => {
    const view = { id, kind: "command", at: 10_000, redis: [], rest: [], logs: [], isCertain: true, ...more };
    kept.push({ payload: {}, view: view as unknown as Exchange["view"] });
  };
  const redis = (exchange?: string, more: object = {}) =>
    attribution.redis({
      method: "POST",
      path: "/",
      status: 200,
      ms: 2.4,
      commands: [["GET", "a"]],
      billed: 1,
      exchange,
      ...more,
    });
  const rest = (more: object) =>
    attribution.rest({ at: now, ms: 5, method: "GET", path: "/users/@me", status: 200, ...more });
  const find = (id: string) => exchanges.get(id)?.view;
  return { ...attribution, kept, changes, add, redis, rest, find, at: (next: number) => (now = next) };
}

it("keeps a Redis request with its mark, from its begin on, and tells of it", () => {
  const { add, redis, find, changes } = start();
  add("1");
  add("2");
  redis("1", { ms: 2.6, billed: 3 });
  expect(find("1")?.redis).toEqual([{ at: 9_997, ms: 3, commands: ["GET a"], billed: 3, isBehind: false }]);
  expect(find("2")?.redis).toEqual([]);
  expect(changes).toEqual(["1"]);
});

it("shows no request without commands, nor one that is marked with an exchange that is not kept", () => {
  const { add, redis, log, find, changes, kept } = start();
  add("1");
  redis("1", { commands: [] });
  redis("unknown");
  log({ exchange: "unknown", level: "log", text: "x" });
  expect([find("1")?.redis, changes, kept.length]).toEqual([[], [], 1]);
});

it("gives a request without a mark to no exchange where others are marked", () => {
  const { add, redis, rest, log, find } = start();
  add("1");
  redis();
  rest({});
  log({ exchange: undefined, level: "log", text: "x" });
  expect(find("1")).toMatchObject({ redis: [], rest: [], logs: [] });
});

it.each([
  [10_000, undefined, 9_999, false],
  [10_000, undefined, 10_000, true],
  [10_000, undefined, 9_000_000, true],
  [10_000, 500, 12_500, true],
  [10_000, 500, 12_501, false],
])("finds by time an exchange at %i that took %s ms, at %i: %s", (at, ms, now, isFound) => {
  const { add, log, find, at: setNow } = start({ isMarked: false });
  add("1", { at, ...(ms !== undefined && { ms }) });
  setNow(now);
  log({ exchange: undefined, level: "warn", text: "x" });
  expect(find("1")?.logs).toEqual(isFound ? [{ at: now, level: "warn", text: "x" }] : []);
  expect(find("1")?.isCertain).toBe(true);
});

it("takes the last of several that are open, and says that this is uncertain", () => {
  const { add, redis, find } = start({ isMarked: false });
  add("1", { at: 9_000 });
  add("2", { at: 9_500 });
  redis();
  expect([find("1"), find("2")]).toMatchObject([
    { redis: [], isCertain: true },
    { redis: [{ commands: ["GET a"] }], isCertain: false },
  ]);
});

it("prefers the mark of a REST call, then the interaction of its token, then time", () => {
  const { add, rest, find } = start({ isMarked: false });
  for (const id of ["1", "2", "3"]) add(id);
  rest({ exchange: "1", record: { exchange: "2" }, path: "/a" });
  rest({ record: { exchange: "2" }, path: "/b" });
  rest({ path: "/c" });
  const paths = ["1", "2", "3"].map((id) => find(id)?.rest.map(({ path }) => path));
  expect(paths).toEqual([["/a"], ["/b"], ["/c"]]);
  expect(find("1")?.rest[0]).toEqual({ at: 10_000, ms: 5, method: "GET", path: "/a", status: 200, isBehind: false });
});

it.each([
  [undefined, 99_999, false],
  [500, 10_499, false],
  [500, 10_500, true],
])("knows what happens behind an answer after %s ms: at %i %s", (ms, at, isBehind) => {
  const { add, rest, redis, find, at: setNow } = start();
  add("1", ms === undefined ? {} : { ms });
  rest({ exchange: "1", at });
  setNow(at + 2);
  redis("1");
  expect([find("1")?.rest[0]?.isBehind, find("1")?.redis[0]?.isBehind]).toEqual([isBehind, isBehind]);
});

it("keeps 500 entries of a kind", () => {
  const { add, log, redis, find, changes } = start();
  add("1");
  for (let count = 0; count < 502; count++) log({ exchange: "1", level: "log", text: String(count) });
  expect(find("1")?.logs).toHaveLength(500);
  expect(find("1")?.logs.at(-1)?.text).toBe("499");
  expect(changes).toHaveLength(500);
  redis("1");
  expect(find("1")?.redis).toHaveLength(1);
});

it("keeps a tick of the cron back until it did more than ask Redis", () => {
  const { redis, log, kept, find } = start();
  redis("cron-5");
  redis("cron-5");
  expect(kept).toEqual([]);
  log({ exchange: "cron-5", level: "info", text: "sent" });
  log({ exchange: "cron-5", level: "info", text: "done" });
  expect(kept).toHaveLength(1);
  expect(find("cron-5")).toEqual({
    id: "cron-5",
    kind: "cron",
    title: "cron",
    at: 10_000,
    request: { headers: {}, body: "" },
    limits: [],
    problems: [],
    redis: [expect.objectContaining({ commands: ["GET a"] }), expect.anything()],
    rest: [],
    logs: [
      { at: 10_000, level: "info", text: "sent" },
      { at: 10_000, level: "info", text: "done" },
    ],
    isCertain: true,
  });
});

it("shows a tick by its REST call", () => {
  const { rest, kept } = start();
  rest({ exchange: "cron-5" });
  expect(kept.map(({ view }) => view.rest.length)).toEqual([1]);
});

it("forgets the oldest of more than ten ticks that did nothing", () => {
  const { redis, log, find } = start();
  for (let tick = 1; tick <= 11; tick++) redis(`cron-${tick}`);
  for (const tick of [2, 1]) log({ exchange: `cron-${tick}`, level: "log", text: "x" });
  expect([find("cron-1")?.redis.length, find("cron-2")?.redis.length]).toEqual([0, 1]);
});

it("shows a tick that a person fired at once, with what it did so far, and once", () => {
  const { tick, redis, kept, find } = start();
  redis("cron-1");
  tick("cron-1", "cron, by hand");
  redis("cron-1");
  tick("cron-2", "cron, for the next job");
  expect(kept.map(({ view }) => [view.id, view.title, view.redis.length])).toEqual([
    ["cron-1", "cron, by hand", 2],
    ["cron-2", "cron, for the next job", 0],
  ]);
  tick("cron-1", "cron, again");
  expect(kept).toHaveLength(2);
  expect(find("cron-1")?.title).toBe("cron, by hand");
});
