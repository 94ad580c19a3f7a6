import { expect, it } from "vitest";
import { type Message, PubsubClosedError } from "../../../src/pubsub/index.ts";
import { createRecorder, createTestIsolate } from "./support.ts";

it("runs the handlers of a channel and its patterns, also when one of them throws", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const got: string[] = [];
  const add = (name: string) => (message: Message) => void got.push(`${name} ${message.channel}`);
  pubsub.subscribe("guild.1", add("a"));
  pubsub.subscribe("guild.1", () => {
    throw new Error("mine");
  });
  pubsub.subscribe("guild.1", () => Promise.reject(new Error("mine too")));
  pubsub.subscribe("guild.1", add("b"));
  pubsub.subscribe("guild.*", add("c"));
  await pubsub.poll();
  for (const channel of ["guild.1", "guild.2", "user.1"]) await pubsub.publish(channel, 0);
  await pubsub.poll();
  expect(got.toSorted()).toEqual(["a guild.1", "b guild.1", "c guild.1", "c guild.2"]);
  expect(isolate.events.map((event) => ("error" in event ? String(event.error) : event.type))).toEqual([
    "Error: mine",
    "Error: mine too",
  ]);
  expect(pubsub.stats()).toMatchObject({ channels: 2, subscriptions: 5, published: 3, delivered: 2, failed: 2 });
});

it("removes handlers one by one or all at once", async () => {
  const pubsub = createTestIsolate().invocation();
  const [one, two, three] = [createRecorder(), createRecorder(), createRecorder()];
  const end = pubsub.subscribe("all", one.handler);
  pubsub.subscribe("all", two.handler);
  pubsub.subscribe("all", three.handler);
  await pubsub.poll();
  end();
  expect(pubsub.unsubscribe("all", two.handler)).toBe(1);
  expect([pubsub.unsubscribe("all", two.handler), pubsub.unsubscribe("else")]).toEqual([0, 0]);
  await pubsub.publish("all", 1);
  await pubsub.poll();
  expect(pubsub.unsubscribe("all")).toBe(1);
  await pubsub.publish("all", 2);
  await pubsub.poll();
  expect([one.data(), two.data(), three.data()]).toEqual([[], [], [1]]);
});

it("runs no handler and refuses to publish once closed", async () => {
  const pubsub = createTestIsolate().invocation();
  pubsub.subscribe("all", () => {});
  pubsub.close();
  pubsub.close();
  expect([pubsub.stats().subscriptions, pubsub.pollAlong()]).toEqual([0, false]);
  for (const call of [
    () => pubsub.publish("all", 1),
    () => pubsub.publishOnce("all", 1, { key: "k" }),
    () => pubsub.poll(),
    () => pubsub.hear(),
    () => pubsub.recent(1),
    async () => pubsub.status([]),
    async () => pubsub.steps(["all"]).next(),
  ]) {
    await expect(call()).rejects.toThrow(PubsubClosedError);
  }
});

it("forgets a channel with its last handler", () => {
  const pubsub = createTestIsolate().invocation();
  const handler = () => {};
  const end = pubsub.subscribe("all", handler);
  pubsub.subscribe("all", () => {});
  pubsub.unsubscribe("all", handler);
  expect(pubsub.stats()).toMatchObject({ channels: 1, subscriptions: 1 });
  end();
  expect(pubsub.unsubscribe("all")).toBe(1);
  expect(pubsub.stats()).toMatchObject({ channels: 0, subscriptions: 0 });
  const last = pubsub.subscribe("guild.*", handler);
  last();
  expect([pubsub.stats().channels, pubsub.pollAlong(0)]).toEqual([0, false]);
});

it("does not poll along for the isolate's handlers once closed", () => {
  const pubsub = createTestIsolate({ isolateHandlers: { all: () => {} } }).invocation();
  pubsub.close();
  expect(pubsub.pollAlong(0)).toBe(false);
});

it("tells a handler outside of groups that this is the first try of a message, and not the last", async () => {
  const pubsub = createTestIsolate().invocation();
  const attempts: unknown[] = [];
  pubsub.subscribe("all", (_message, attempt) => void attempts.push(attempt));
  await pubsub.poll();
  await pubsub.publish("all", 1);
  await pubsub.poll();
  expect(attempts).toEqual([{ count: 1, isLast: false }]);
});
