import { describe, expect, it } from "vitest";
import { type CacheKind, cacheKind } from "../../../src/cache/index.ts";
import { createDatabase, type Database } from "../../support/database.ts";
import { base, createFetcher, createTestIsolate, createTime, failing } from "./support.ts";

// How long the keys of the cache live in Redis, read back from there.

const key = "t:c:user:1";

/** Expects a key to end `ms` from now, or a little earlier for the time that the test took. */
async function expectLife(database: Database, ms: number, name = key): Promise<void> {
  const left = Number(await database.raw("PTTL", name));
  expect(left).toBeLessThanOrEqual(ms);
  expect(left).toBeGreaterThan(ms - Math.min(ms, 3_000));
}

/** Begins a fetch that ends when told to. */
async function beginFetch(isolate: ReturnType<typeof createTestIsolate>, kind: CacheKind<string>) {
  const [began, end] = [Promise.withResolvers<void>(), Promise.withResolvers<string | undefined>()];
  const fetching = isolate
    .invocation()
    .of(kind)
    .get("1", () => (began.resolve(), end.promise));
  await began.promise;
  return { end, fetching };
}

const graceful = { ...base, ttlMs: 60_000, graceMs: 30_000, jitter: 0 };

describe.each([
  ["tagged", true],
  ["untagged", false],
])("%s", (how, isTagged) => {
  it(`keeps a claim for six seconds, and the value for its life and its grace, ${how}`, async () => {
    const isolate = createTestIsolate();
    const { database } = isolate;
    const { end, fetching } = await beginFetch(isolate, cacheKind<string>({ ...graceful, isTagged }));
    expect(await database.raw("GET", key)).toMatch(/^!/);
    await expectLife(database, 6_000);
    end.resolve("Ada");
    await fetching;
    await isolate.settled();
    await expectLife(database, 90_000);
  });

  it(`keeps absence for half a minute, and a failure for a second, without grace, ${how}`, async () => {
    const isolate = createTestIsolate();
    const { database } = isolate;
    const kind = cacheKind<string>({ ...graceful, isTagged });
    const { end, fetching } = await beginFetch(isolate, kind);
    end.resolve(undefined);
    await fetching;
    await isolate.settled();
    await expectLife(database, 30_000);
    const [head = ""] = String(await database.raw("GET", key)).split("\n");
    const [storedAt, freshUntil, serveUntil, ...rest] = JSON.parse(head) as [number, number, number];
    expect([freshUntil - storedAt, serveUntil - storedAt]).toEqual([30_000, 30_000]);
    expect(rest.slice(1)).toEqual([isTagged ? "0,0" : "", 0]);
    expect(await isolate.invocation().of(kind).expire("1", 10_000)).toBe(true);
    await expectLife(database, 10_000);
    await isolate.invocation().of(kind).delete("1");
    await expect(isolate.invocation().of(kind).get("1", failing)).rejects.toThrow();
    await isolate.settled();
    expect(await database.raw("GET", key)).toBe("?Discord is away");
    await expectLife(database, 1_000);
    await isolate.invocation().of(kind).delete("1");
    const refusing = isolate.invocation().of(kind);
    await expect(refusing.get("1", () => Promise.reject("a text"))).rejects.toBe("a text");
    await isolate.settled();
    expect(await database.raw("GET", key)).toBe("?a text");
  });

  it(`keeps for as long what is set, also several at once, ${how}`, async () => {
    const isolate = createTestIsolate();
    const users = isolate.invocation().of(cacheKind<string>({ ...graceful, isTagged }));
    await users.set("1", "Ada");
    await users.setMany(new Map([["2", "Linus"]]));
    for (const id of ["1", "2"]) await expectLife(isolate.database, 90_000, `t:c:user:${id}`);
  });

  it(`keeps for as long what an interaction carried, where Redis lacks it or has it past its life, ${how}`, async () => {
    const { clock, advance } = createTime();
    const isolate = createTestIsolate({ clock });
    const users = () => isolate.invocation().of(cacheKind<string>({ ...graceful, isTagged }));
    for (let times = 0; times < 2; times++) {
      users().remember(new Map([["1", `Ada ${times}`]]))();
      await isolate.settled();
      await expectLife(isolate.database, 90_000);
      expect(String(await isolate.database.raw("GET", key))).toContain(`Ada ${times}`);
      await isolate.database.raw("PEXPIRE", key, 30_000);
      advance(60_000);
      isolate.forgetLocally();
    }
  });

  it(`leaves what another isolate fetches, or has fresh, ${how}`, async () => {
    const database = createDatabase();
    const [one, other] = [createTestIsolate({ database }), createTestIsolate({ database })];
    const kind = cacheKind<string>({ ...graceful, isTagged });
    const share = async () => {
      other.forgetLocally();
      other
        .invocation()
        .of(kind)
        .remember(new Map([["1", "carried"]]))();
      await other.settled();
    };
    const { end, fetching } = await beginFetch(one, kind);
    await share();
    expect(await database.raw("GET", key)).toMatch(/^!/);
    end.resolve("fetched");
    await fetching;
    await one.settled();
    await share();
    expect(String(await database.raw("GET", key))).toContain("fetched");
  });
});

it("keeps a claim for six seconds that replaces something unreadable", async () => {
  const isolate = createTestIsolate();
  await isolate.database.raw("SET", key, "theirs");
  const { end, fetching } = await beginFetch(isolate, cacheKind<string>(graceful));
  expect(await isolate.database.raw("GET", key)).toMatch(/^!/);
  await expectLife(isolate.database, 6_000);
  end.resolve("Ada");
  await fetching;
});

it("keeps the claim to refresh for six seconds, and the newer value for its whole life", async () => {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const users = () => isolate.invocation().of(cacheKind<string>({ ...graceful, localMs: 1 }));
  await users().set("1", "older");
  advance(70_000);
  await isolate.database.raw("PEXPIRE", key, 20_000);
  expect(await users().get("1", async () => "newer")).toBe("older");
  await isolate.settled();
  await expectLife(isolate.database, 6_000, "t:cr:user:1");
  await expectLife(isolate.database, 90_000);
});

it("gives a value another life, shorter or longer, with its grace", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().of(cacheKind<string>(graceful));
  await users.set("1", "Ada");
  await users.expire("1", 5_000);
  await expectLife(isolate.database, 35_000);
  await users.expire("1", 500_000);
  await expectLife(isolate.database, 530_000);
});

it("gives a counter its life anew with each increment that names one, and none otherwise", async () => {
  const isolate = createTestIsolate();
  const users = isolate.invocation().of(cacheKind<string>(graceful));
  const counter = "t:cn:user:visits";
  expect(await users.increment("visits", 2)).toBe(2);
  expect(await isolate.database.raw("PTTL", counter)).toBe(-1);
  await users.increment("visits", 1, 60_000);
  await expectLife(isolate.database, 60_000, counter);
  await isolate.database.raw("PEXPIRE", counter, 20_000);
  await users.increment("visits");
  await expectLife(isolate.database, 20_000, counter);
  expect(await users.increment("visits", 1, 60_000)).toBe(5);
  await expectLife(isolate.database, 60_000, counter);
});

it.each<[string, () => Promise<string | undefined>, number]>([
  ["absence", async () => undefined, 30_000],
  ["a failure", failing, 1_000],
])("remembers %s for its time, and no longer", async (_what, answer, ms) => {
  const { clock, advance } = createTime();
  const isolate = createTestIsolate({ clock });
  const kind = cacheKind<string>({ ...base, jitter: 0, localMs: 1 });
  const read = (fetcher: () => Promise<string | undefined>) => isolate.invocation().of(kind).get("1", fetcher);
  await read(answer).catch(() => undefined);
  await isolate.settled();
  await expectLife(isolate.database, ms);
  const { fetcher, calls } = createFetcher("Ada");
  advance(ms - 1);
  await read(fetcher).catch(() => undefined);
  expect(calls.count).toBe(0);
  // Redis goes by its own clock.
  advance(1);
  await isolate.database.raw("DEL", key);
  expect(await read(fetcher)).toBe("Ada");
});
