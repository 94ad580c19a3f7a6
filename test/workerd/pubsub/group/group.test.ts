import { expect, it } from "vitest";
import { createDatabase } from "../../../support/database.ts";
import { createRecorder, createTestIsolate, pendingOf } from "../support.ts";

it("shares messages among the workers of a group", async () => {
  const database = createDatabase();
  const workers = ["a", "b"].map((source) => {
    const pubsub = createTestIsolate({ database, source }).invocation();
    const group = pubsub.group("feeds", { pageSize: 5 });
    const recorder = createRecorder();
    group.subscribe("feed.*", recorder.handler);
    return { pubsub, group, data: recorder.data };
  });
  await Promise.all(workers.map(({ group }) => group.poll()));
  for (let index = 0; index < 10; index++) await workers[0]?.pubsub.publish("feed.news", index);
  await workers[0]?.pubsub.publish("else", 0);
  for (const { group } of [...workers, ...workers]) await group.poll();
  for (const { group } of workers) await group.flush();
  expect(workers.map(({ data }) => data())).toEqual([
    [0, 1, 2, 3, 4],
    [5, 6, 7, 8, 9],
  ]);
  expect(await pendingOf(database)).toBe(0);
});

it("stops reading while too many messages of a group are pending", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const group = pubsub.group("feeds");
  group.subscribe("*", () => Promise.reject(new Error("no")));
  await Promise.all(Array.from({ length: 700 }, (_, index) => pubsub.publish("all", index)));
  let result = await group.poll();
  while (!result.isHeld) result = await group.poll();
  expect(await pendingOf(isolate.database)).toBe(500);
});
