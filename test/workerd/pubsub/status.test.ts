import { expect, it } from "vitest";
import { createDatabase } from "../../support/database.ts";
import { createTestIsolate } from "./support.ts";

it("says nothing of groups that have read nothing yet", async () => {
  const pubsub = createTestIsolate().invocation();
  const group = { name: "feeds", lag: 0, pending: 0, consumers: [], deadLetters: 0 };
  expect(await pubsub.status(["feeds"])).toEqual({ name: "main", length: 0, groups: [group] });
  await pubsub.publish("a", 1);
  expect(await pubsub.status(["feeds"])).toEqual({ name: "main", length: 1, groups: [group] });
});

it("says how far each group is, who holds what it has read, and what it gave up", async () => {
  const database = createDatabase();
  const pubsub = createTestIsolate({ database }).invocation();
  await database.raw("XGROUP", "CREATE", "t:b:main", "feeds", "0", "MKSTREAM");
  await database.raw("XGROUP", "CREATE", "t:b:main", "other", "0");
  for (let index = 0; index < 5; index++) await pubsub.publish("feed.a", index);
  await database.raw("XREADGROUP", "GROUP", "feeds", "one", "COUNT", 2, "STREAMS", "t:b:main", ">");
  await database.raw("XREADGROUP", "GROUP", "feeds", "two", "COUNT", 1, "STREAMS", "t:b:main", ">");
  await database.raw("XADD", "t:bd:main:other", "*", "i", "1");
  const { length, groups } = await pubsub.status(["other", "feeds"]);
  expect(length).toBe(5);
  expect(groups).toEqual([
    { name: "other", lag: 5, pending: 0, consumers: [], deadLetters: 1 },
    {
      name: "feeds",
      lag: 2,
      pending: 3,
      consumers: [
        { name: "one", pending: 2, idleMs: expect.any(Number) },
        { name: "two", pending: 1, idleMs: expect.any(Number) },
      ],
      deadLetters: 0,
    },
  ]);
});

it("says how long a worker was silent", async () => {
  const database = createDatabase();
  const pubsub = createTestIsolate({ database }).invocation();
  await database.raw("XGROUP", "CREATE", "t:b:main", "feeds", "0", "MKSTREAM");
  const { streamId } = await pubsub.publish("feed.a", 1);
  await database.raw("XREADGROUP", "GROUP", "feeds", "one", "COUNT", 1, "STREAMS", "t:b:main", ">");
  await database.raw("XCLAIM", "t:b:main", "feeds", "one", 0, streamId);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const [group] = (await pubsub.status(["feeds"])).groups;
  const [consumer] = group?.consumers ?? [];
  expect([Number(consumer?.idleMs) >= 25, Number(consumer?.idleMs) < 20_000]).toEqual([true, true]);
});

it("does not know the lag where Redis cannot say it", async () => {
  const database = createDatabase();
  const pubsub = createTestIsolate({ database }).invocation();
  const ids: string[] = [];
  for (let index = 0; index < 4; index++) ids.push((await pubsub.publish("feed.a", index)).streamId);
  await database.raw("XGROUP", "CREATE", "t:b:main", "feeds", ids[1] ?? "");
  await database.raw("XDEL", "t:b:main", ids[2] ?? "");
  const [group] = (await pubsub.status(["feeds"])).groups;
  expect(group?.lag).toBeNull();
});
