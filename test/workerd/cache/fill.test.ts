import { expect, it } from "vitest";
import { CacheFetchFailedError, CacheTimeoutError, cacheKind, type Namespace } from "../../../src/cache/index.ts";
import { type Clock, systemClock } from "../../../src/platform/index.ts";
import { createFakeClock } from "../../support/clock.ts";
import { createDatabase } from "../../support/database.ts";
import { base, createFetcher, createTestIsolate, failing } from "./support.ts";

const user = cacheKind<string>(base);

it("gives a fetch up after hardTimeoutMs", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().of(cacheKind<string>({ ...base, hardTimeoutMs: 30 }));
  await expect(users.get("1", () => new Promise(() => {}))).rejects.toThrow(CacheTimeoutError);
});

it("gives a fetch five seconds by default, and stops the timer behind it", async () => {
  const clock = createFakeClock();
  const isolate = createTestIsolate({ clock });
  const users = isolate.invocation().of(user);
  const began = Promise.withResolvers<void>();
  const asked = users.get("1", () => (began.resolve(), new Promise(() => {}))).catch((error: unknown) => error);
  await began.promise;
  await clock.advance(4_999);
  expect(clock.sleeping()).toBe(1);
  await clock.advance(1);
  expect(await asked).toBeInstanceOf(CacheTimeoutError);
  expect(
    await isolate
      .invocation()
      .of(user)
      .get("2", async () => "Ada"),
  ).toBe("Ada");
  await isolate.settled();
  expect(clock.sleeping()).toBe(0);
});

it("waits two seconds for another isolate's fetch, ever longer and by chance, and then fetches too", async () => {
  const sleeps: number[] = [];
  const chances = [0, 1];
  const clock: Clock = {
    ...systemClock,
    random: () => chances[sleeps.length % 2] ?? 0,
    sleep: async (ms, signal) => {
      if (ms < 5_000) sleeps.push(ms);
      else await systemClock.sleep(ms, signal);
    },
  };
  const isolate = createTestIsolate({ clock });
  await isolate.database.raw("SET", "t:c:user:1", "!theirs", "PX", 60_000);
  expect(
    await isolate
      .invocation()
      .of(user)
      .get("1", async () => "mine"),
  ).toBe("mine");
  await isolate.settled();
  expect(sleeps).toEqual(
    [75, 112.5, 93.75, 210.9375, 246.09375, 553.7109375, 645.99609375, 1453.4912109375].slice(0, sleeps.length),
  );
  expect(sleeps.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(2_000);
  expect(sleeps.slice(0, -1).reduce((sum, ms) => sum + ms, 0)).toBeLessThan(2_000);
  // The other isolate's claim stays.
  expect(await isolate.database.raw("GET", "t:c:user:1")).toBe("!theirs");
});

it("does not repeat a failed fetch for failureMs, in any isolate", async () => {
  const database = createDatabase();
  const [one, other] = [createTestIsolate({ database }), createTestIsolate({ database })];
  const brittle = cacheKind<string>({ ...base, failureMs: 60_000 });
  await expect(one.invocation().of(brittle).get("1", failing)).rejects.toThrow("Discord is away");
  await one.settled();
  const { fetcher, calls } = createFetcher("x");
  await expect(other.invocation().of(brittle).get("1", fetcher)).rejects.toThrow(CacheFetchFailedError);
  expect(calls.count).toBe(0);
});

it("fetches once when the fetcher fails with a Redis error of its own", async () => {
  const isolate = createTestIsolate();
  let calls = 0;
  const fetcher = async () => {
    calls += 1;
    throw Object.assign(new Error("The fetcher's own Redis does not answer"), { code: "E_REDIS_TIMEOUT" });
  };
  await expect(isolate.invocation().of(user).get("1", fetcher)).rejects.toThrow("own Redis");
  await isolate.settled();
  expect(calls).toBe(1);
  expect(isolate.events.map(({ type }) => type)).toEqual(["fetch-failed"]);
});

it("fetches when the claim of an isolate that died has ended", async () => {
  const isolate = createTestIsolate();
  await isolate.database.raw("SET", "t:c:user:1", "!dead", "PX", 60);
  const { fetcher, calls } = createFetcher("x");
  expect(await isolate.invocation().of(user).get("1", fetcher)).toBe("x");
  expect(calls.count).toBe(1);
  await isolate.settled();
  expect(await isolate.database.raw("GET", "t:c:user:1")).toContain('"x"');
});

it("recognises its own claim when the reply to it was lost", async () => {
  const isolate = createTestIsolate();
  await isolate.database.break({ at: "after", do: "drop", times: 1, match: "SET" });
  const { fetcher, calls } = createFetcher("x");
  expect(await isolate.invocation().of(user).get("1", fetcher)).toBe("x");
  await isolate.settled();
  expect(calls.count).toBe(1);
  expect(await isolate.database.raw("GET", "t:c:user:1")).toContain('"x"');
});

it("does not overwrite a newer value with a fill that comes too late", async () => {
  const database = createDatabase();
  const [slow, quick] = [createTestIsolate({ database }), createTestIsolate({ database })];
  const gate = Promise.withResolvers<string>();
  const brief = cacheKind<string>({ ...base, claimMs: 40, waitMs: 500 });
  const began = Promise.withResolvers<void>();
  const late = slow
    .invocation()
    .of(brief)
    .get("1", () => (began.resolve(), gate.promise));
  await began.promise;
  // The claim ends before its fetch does.
  await expect.poll(() => database.raw("GET", "t:c:user:1"), { interval: 5 }).toBeNull();
  expect(
    await quick
      .invocation()
      .of(user)
      .get("1", async () => "newer"),
  ).toBe("newer");
  await quick.settled();
  gate.resolve("older");
  expect(await late).toBe("older");
  await slow.settled();
  expect(await database.raw("GET", "t:c:user:1")).toContain('"newer"');
});

it.each([
  ["its key", (users: Namespace<string>) => users.delete("1")],
  ["its kind", (users: Namespace<string>) => users.clear()],
])("discards a fill when %s was invalidated after its fetch began", async (_name, forget) => {
  const database = createDatabase();
  const [one, other] = [createTestIsolate({ database }), createTestIsolate({ database })];
  const gate = Promise.withResolvers<string>();
  const began = Promise.withResolvers<void>();
  const filling = one
    .invocation()
    .of(user)
    .get("1", () => (began.resolve(), gate.promise));
  await began.promise;
  await forget(other.invocation().of(user));
  gate.resolve("from before");
  await filling;
  await one.settled();
  const { fetcher, calls } = createFetcher("after");
  expect(await other.invocation().of(user).get("1", fetcher)).toBe("after");
  expect(calls.count).toBe(1);
});
