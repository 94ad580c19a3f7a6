import { describe, expect, it } from "vitest";
import { cacheKind } from "../../../src/cache/index.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createDatabase } from "../../support/database.ts";
import { base, createTestIsolate, createTime } from "./support.ts";

interface Person {
  name: string;
  born?: Date | string;
  roles: { id: string }[];
}

const people = cacheKind<Person>({ ...base, name: "person" });
const ada = (): Person => ({ name: "Ada", born: new Date("1815-12-10"), roles: [{ id: "1100000000000000101" }] });
const stored = { name: "Ada", born: "1815-12-10T00:00:00.000Z", roles: [{ id: "1100000000000000101" }] };

/** Changes a value as a careless reader would, and survives that it cannot. */
function spoil(value: Person | undefined): void {
  for (const change of [
    () => value && (value.name = "Eve"),
    () => value?.roles.push({ id: "0" }),
    () => value?.roles[0] && (value.roles[0].id = "0"),
  ]) {
    try {
      change();
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
    }
  }
}

describe("a value of the cache", () => {
  it("is the same from the fetcher, from L1 and from Redis, also where JSON changes it", async () => {
    const isolate = createTestIsolate();
    const read = async () =>
      (await isolate
        .invocation()
        .of(people)
        .read("1", async () => ada())) as object;
    expect(await read()).toMatchObject({ source: "fetch", value: stored });
    expect(await read()).toMatchObject({ source: "L1", value: stored });
    await isolate.settled();
    isolate.forgetLocally();
    expect(await read()).toMatchObject({ source: "redis", value: stored });
    await isolate.invocation().of(people).set("1", ada());
    expect(await read()).toMatchObject({ source: "L1", value: stored });
    isolate
      .invocation()
      .of(people)
      .remember(new Map([["2", ada()]]));
    expect(await isolate.invocation().of(people).get("2")).toEqual(stored);
  });

  it("cannot be changed by its readers, wherever it came from", async () => {
    const isolate = createTestIsolate();
    const users = () => isolate.invocation().of(people);
    for (const read of [
      () => users().get("1", async () => ada()),
      () => users().get("1"),
      async () => (await users().read("1")).value,
      async () => (await users().getMany(["1"])).get("1"),
    ]) {
      spoil(await read());
      expect(await users().get("1")).toEqual(stored);
    }
    await isolate.settled();
    isolate.forgetLocally();
    spoil(await users().get("1"));
    expect(await users().get("1")).toEqual(stored);
  });

  it("is not the object that its writer gave and goes on changing", async () => {
    const isolate = createTestIsolate();
    const mine = ada();
    const users = isolate.invocation().of(people);
    await users.set("1", mine);
    mine.roles.push({ id: "0" });
    mine.name = "Eve";
    expect(await users.get("1")).toEqual(stored);
    expect(mine).toMatchObject({ name: "Eve" });
  });

  it("is copied for each reader where freezing does not protect it", async () => {
    const isolate = createTestIsolate();
    const serializer = { stringify: (at: Date) => at.toISOString(), parse: (text: string) => new Date(text) };
    const dates = isolate.invocation().of(cacheKind<Date>({ ...base, serializer }));
    const readers = await Promise.all([dates.get("1", async () => new Date(5)), dates.get("1"), dates.get("1")]);
    readers.push(await dates.get("1"), (await dates.getMany(["1"])).get("1"), (await dates.read("1")).value);
    for (const reader of readers) reader?.setTime(7);
    expect([await dates.get("1"), (await dates.getMany(["1"])).get("1")]).toEqual([new Date(5), new Date(5)]);
  });
});

describe("a write", () => {
  it("is published to other isolates, also of several values, with one message", async () => {
    const published: (readonly string[])[] = [];
    const bus = { publish: async ({ names }: { names: readonly string[] }) => void published.push(names) };
    const isolate = createTestIsolate({ bus });
    const users = isolate.invocation().of(people);
    await users.set("1", ada());
    await users.setMany(
      new Map([
        ["2", ada()],
        ["3", ada()],
      ]),
    );
    await users.expire("1", 5_000);
    expect(published).toEqual([["t:c:person:1"], ["t:c:person:2", "t:c:person:3"], ["t:c:person:1"]]);
    // Sharing what an interaction carried tells no isolate anything new.
    users.remember(new Map([["9", ada()]]))();
    await isolate.settled();
    expect(published).toHaveLength(3);
  });

  it.each([
    ["set", "newer"],
    ["delete", undefined],
    ["expire", "older"],
  ] as const)("%s leaves no older value of a read under way in L1", async (how, expected) => {
    const isolate = createTestIsolate();
    const kind = cacheKind<string>({ ...base, name: "text" });
    const texts = () => isolate.invocation().of(kind);
    await texts().set("1", "older");
    isolate.forgetLocally();
    await isolate.database.break({ at: "after", do: "stall", ms: 60, times: 1 });
    // Its answer was made before the write, and comes after it.
    const reading = texts().get("1");
    await new Promise((resolve) => void setTimeout(resolve, 20));
    if (how === "set") await texts().set("1", "newer");
    if (how === "delete") await texts().delete("1");
    if (how === "expire") await texts().expire("1", 30_000);
    await reading;
    expect(await texts().get("1")).toBe(expected);
    await isolate.database.mend();
  });

  it.each(["set", "delete"] as const)("discards a fetch under way at a %s of another isolate", async (how) => {
    const database = createDatabase();
    const [one, other] = [createTestIsolate({ database }), createTestIsolate({ database })];
    const kind = cacheKind<string>({ ...base, name: "text" });
    const gate = Promise.withResolvers<string>();
    const began = Promise.withResolvers<void>();
    const filling = one
      .invocation()
      .of(kind)
      .get("1", () => (began.resolve(), gate.promise));
    await began.promise;
    if (how === "set") await other.invocation().of(kind).set("1", "newer");
    else await other.invocation().of(kind).delete("1");
    gate.resolve("older");
    await filling;
    await one.settled();
    const expected = how === "set" ? "newer" : undefined;
    expect(await one.invocation().of(kind).get("1")).toBe(expected);
    expect(await other.invocation().of(kind).get("1")).toBe(expected);
  });

  it("leaves nothing in L1 that was invalidated meanwhile", async () => {
    const kind = cacheKind<string>({ ...base, name: "text" });
    const isolate = createTestIsolate({
      bus: { publish: async () => isolate.invocation().apply({ names: ["text"] }) },
    });
    const texts = () => isolate.invocation().of(kind);
    for (const write of [() => texts().set("1", "Ada"), () => texts().expire("1", 30_000)]) {
      await write();
      expect(isolate.invocation().isLocal(kind, "1")).toBe(false);
    }
    const share = texts().remember(new Map([["2", "carried"]]));
    isolate.invocation().apply({ names: ["text"] });
    share();
    await isolate.settled();
    expect(await isolate.database.raw("EXISTS", "t:c:text:2")).toBe(0);
  });

  it.each(["set", "delete", "expire"] as const)(
    "%s leaves nothing in L1 that was read while it was done",
    async (how) => {
      const database = createDatabase();
      const { commands } = createConnection({ url: database.url, token: database.token, state: createRedisState() });
      const { clock, advance } = createTime();
      const kind = cacheKind<string>({ ...base, name: "text", jitter: 0 });
      const texts = () => isolate.invocation().of(kind);
      let isRead = false;
      /** Redis answers after another invocation has read what is there still. */
      const later =
        <A extends unknown[], R>(send: (...args: A) => Promise<R>) =>
        async (...args: A): Promise<R> => {
          if (!isRead) expect(await texts().get("1")).toBe("older");
          isRead = true;
          const reply = await send(...args);
          if (how === "set") throw new Error("lost");
          return reply;
        };
      const { set, unlink, exec } = commands;
      let redis = commands;
      const isolate = createTestIsolate({ database, clock, redis: () => redis });
      await texts().set("1", "older");
      redis = { ...commands, set: later(set), unlink: later(unlink), exec: later(exec) } as typeof commands;
      if (how === "set") await expect(texts().set("1", "newer")).rejects.toThrow("lost");
      if (how === "delete") await texts().delete("1");
      if (how === "expire") await texts().expire("1", 1_000);
      redis = commands;
      if (how === "expire") advance(1_000);
      expect(await texts().get("1")).toBe(how === "set" ? "newer" : undefined);
    },
  );

  it("is shared where the value that Redis has is invalidated", async () => {
    const isolate = createTestIsolate();
    const kind = cacheKind<string>({ ...base, name: "text" });
    await isolate.invocation().of(kind).set("1", "older");
    await isolate.invocation().of(kind).clear();
    isolate
      .invocation()
      .of(kind)
      .remember(new Map([["1", "carried"]]))();
    await isolate.settled();
    isolate.forgetLocally();
    expect(await isolate.invocation().of(kind).get("1")).toBe("carried");
  });

  it("is not undone by the sharing of what an older interaction carried", async () => {
    const database = createDatabase();
    const [one, other] = [createTestIsolate({ database }), createTestIsolate({ database })];
    const kind = cacheKind<string>({ ...base, name: "text" });
    await database.break({ at: "after", do: "stall", ms: 60, times: 1, match: "MGET" });
    one
      .invocation()
      .of(kind)
      .remember(new Map([["1", "older"]]))();
    await new Promise((resolve) => void setTimeout(resolve, 20));
    await other.invocation().of(kind).set("1", "newer");
    await one.settled();
    one.forgetLocally();
    expect(await one.invocation().of(kind).get("1")).toBe("newer");
    await database.mend();
  });

  it("leaves nothing in L1 that Redis may lack when a write fails", async () => {
    const isolate = createTestIsolate();
    const kind = cacheKind<string>({ ...base, name: "text", isTagged: false });
    await isolate.invocation().of(kind).set("1", "kept");
    await isolate.database.break({ at: "before", do: "drop", times: 3 });
    await expect(isolate.invocation().of(kind).set("1", "lost")).rejects.toThrow();
    await isolate.database.mend();
    expect(await isolate.invocation().of(kind).get("1")).toBe("kept");
  });
});

it.each([true, false])("does not let exists and get of one tick disturb each other (tagged: %s)", async (isTagged) => {
  const kind = cacheKind<string>({ ...base, name: "text", isTagged });
  for (const isFirst of [true, false]) {
    const users = createTestIsolate().invocation().of(kind);
    let calls = 0;
    const get = () => users.get("1", async () => ((calls += 1), "Ada"));
    const [one, two] = await Promise.all(isFirst ? [users.exists("1"), get()] : [get(), users.exists("1")]);
    expect([one, two]).toContain("Ada");
    expect(calls).toBe(1);
  }
  const users = createTestIsolate().invocation().of(kind);
  expect(await users.exists("2")).toBe(false);
});

it("gives a value a longer life, with its grace, in L1 and in Redis", async () => {
  let now = Date.now();
  const clock = {
    now: () => now,
    random: () => 0.5,
    sleep: (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms)),
  };
  const isolate = createTestIsolate({ clock });
  const kind = cacheKind<string>({ ...base, name: "text", ttlMs: 1_000, graceMs: 1_000, localMs: 60_000 });
  const texts = () => isolate.invocation().of(kind);
  await texts().set("1", "Ada");
  expect(await texts().expire("1", 30_000)).toBe(true);
  now += 20_000;
  expect(await texts().read("1")).toMatchObject({ value: "Ada", source: "L1", isStale: false });
  isolate.forgetLocally();
  expect(await texts().read("1")).toMatchObject({ value: "Ada", source: "redis", isStale: false });
  expect(Number(await isolate.database.raw("PTTL", "t:c:text:1"))).toBeGreaterThan(25_000);
  expect(await texts().expire("1", 100)).toBe(true);
  now += 200;
  expect(await texts().read("1")).toMatchObject({ isStale: true });
});

it("tells kinds, tags, refreshes and counters apart, whatever they are called", async () => {
  const isolate = createTestIsolate();
  const cache = isolate.invocation();
  const user = cache.of(cacheKind<string>({ ...base, name: "user" }));
  const other = cache.of(cacheKind<string>({ ...base, name: "other", tagsOf: () => ["user", "*", "tag:user"] }));
  const counted = cache.of(cacheKind<string>({ ...base, name: "n" }));
  await user.set("1", "Ada");
  await other.set("1", "Linus");
  await user.clear();
  isolate.forgetLocally();
  expect([await user.get("1"), await other.get("1")]).toEqual([undefined, "Linus"]);
  await user.set("1", "Ada");
  await cache.invalidate("user");
  await cache.invalidate("*");
  isolate.forgetLocally();
  expect([await user.get("1"), await other.get("1")]).toEqual(["Ada", undefined]);
  await user.set("1:r", "an id with the ending of a claim");
  await counted.increment("1");
  expect(await user.get("1:r")).toBe("an id with the ending of a claim");
});

it("tells a tag apart from another that is marked like it", async () => {
  const isolate = createTestIsolate();
  const cache = isolate.invocation();
  const kind = cache.of(cacheKind<string>({ ...base, name: "marked", tagsOf: () => ["tag:user"] }));
  await kind.set("1", "Ada");
  await cache.invalidate("user");
  expect(await kind.get("1")).toBe("Ada");
  await cache.invalidate("tag:user");
  expect(await kind.get("1")).toBeUndefined();
});
