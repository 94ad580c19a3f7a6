import { expect, it } from "vitest";
import { createDatabase } from "../../../support/database.ts";
import { createRecorder, createTestIsolate, pendingOf } from "../support.ts";

it("retries a message whose handler threw, and gives it up after `maxDeliveries`", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const group = pubsub.group("feeds", { maxDeliveries: 3, retryMs: 0 });
  const tries: unknown[] = [];
  let isBroken = true;
  group.subscribe<number>("feed.*", ({ data }) => {
    tries.push(data);
    if (data === 1 && isBroken) throw new Error("no such channel");
  });
  await pubsub.publish("feed.news", 1);
  await pubsub.publish("feed.news", 2);
  await group.poll();
  for (let index = 0; index < 4; index++) await group.claim();
  expect(tries).toEqual([1, 2, 1, 1]);
  expect(isolate.events.filter(({ type }) => type === "dead-letter")).toMatchObject([
    { group: "feeds", deliveries: 3, message: { data: 1 } },
  ]);
  expect(await group.deadLetters()).toMatchObject([
    { reason: "no such channel", deliveries: 3, message: { channel: "feed.news", data: 1, type: "message" } },
  ]);
  expect(await group.replay()).toEqual({ replayed: 0, failed: 1 });
  isBroken = false;
  expect(await group.replay()).toEqual({ replayed: 1, failed: 0 });
  expect(await group.deadLetters()).toEqual([]);
  expect(await pendingOf(isolate.database)).toBe(0);
});

it("claims the messages of a worker that died, and gives up a message that kills every worker", async () => {
  const database = createDatabase();
  const dying = createTestIsolate({ database, source: "a" }).invocation();
  const lost = dying.group("feeds");
  lost.subscribe("*", () => new Promise(() => {}));
  await dying.publish("feed.news", 1);
  void lost.poll();
  await expect.poll(() => pendingOf(database)).toBe(1);
  const deadly = dying.group("feeds", { retryMs: 0 });
  deadly.subscribe("*", () => new Promise(() => {}));
  void deadly.claim();
  await expect
    .poll(async () => database.raw("XPENDING", "t:b:main", "feeds", "-", "+", 10))
    .toMatchObject([[expect.anything(), expect.anything(), expect.anything(), 2]]);
  const isolate = createTestIsolate({ database, source: "b" });
  const heir = isolate.invocation().group("feeds", { retryMs: 0, maxDeliveries: 2 });
  const { handler, got } = createRecorder();
  heir.subscribe("*", handler);
  await heir.claim();
  expect([got, await heir.deadLetters()]).toMatchObject([[], [{ reason: "every worker that handled it died" }]]);
});

it("reports a gap for a message that was trimmed before its retry", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const group = pubsub.group("feeds", { retryMs: 0 });
  group.subscribe("*", () => Promise.reject(new Error("no")));
  await pubsub.publish("all", 1);
  await group.poll();
  await isolate.database.raw("XTRIM", "t:b:main", "MAXLEN", 0);
  await group.claim();
  expect(isolate.events.at(-1)).toMatchObject({ type: "gap", reader: "group feeds", missed: 1 });
  expect(await pendingOf(isolate.database)).toBe(0);
});
