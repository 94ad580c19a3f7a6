import { expect, it } from "vitest";
import { CacheFetchFailedError, CacheTimeoutError, cacheKind, type Namespace } from "../../../src/cache/index.ts";
import { createDatabase } from "../../support/database.ts";
import { base, createFetcher, createTestIsolate, failing } from "./support.ts";

const user = cacheKind<string>(base);

it("gives a fetch up after hardTimeoutMs", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().of(cacheKind<string>({ ...base, hardTimeoutMs: 30 }));
  await expect(users.get("1", () => new Promise(() => {}))).rejects.toThrow(CacheTimeoutError);
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
      .of(brief)
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
