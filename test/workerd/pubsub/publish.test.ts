import { describe, expect, it } from "vitest";
import {
  InvalidChannelError,
  InvalidMessageError,
  KeyReusedError,
  MessageTooLargeError,
  NotJsonError,
  PublishUncertainError,
  WrongTypeError,
} from "../../../src/pubsub/index.ts";
import { RedisReplyError, RedisUnknownOutcomeError } from "../../../src/redis/index.ts";
import { createFakeClock, settle } from "../../support/clock.ts";
import { createRecorder, createScript, createTestIsolate, fill, lostReply } from "./support.ts";

it("refuses to publish data that is too large or not JSON, or to a wrong channel", async () => {
  const pubsub = createTestIsolate({ maxBytes: 10 }).invocation();
  await expect(pubsub.publish("all", "äääää")).rejects.toThrow(MessageTooLargeError);
  for (const data of [1n, () => {}, Symbol("all")]) {
    await expect(pubsub.publish("all", data)).rejects.toThrow(NotJsonError);
  }
  await expect(pubsub.publish("guild.*", 1)).rejects.toThrow(InvalidChannelError);
  await expect(pubsub.publish("", 1)).rejects.toThrow(InvalidChannelError);
  expect(() => pubsub.subscribe("a b", () => {})).toThrow(InvalidChannelError);
});

it("refuses to publish an id or a type that no reader would take", async () => {
  const { database, invocation } = createTestIsolate();
  const pubsub = invocation();
  for (const options of [{ id: "" }, { id: "x".repeat(257) }, { type: "" }, { type: "x".repeat(129) }]) {
    await expect(pubsub.publish("all", 1, options)).rejects.toThrow(InvalidMessageError);
  }
  await expect(pubsub.publishOnce("all", 1, { key: "k", type: "" })).rejects.toThrow(InvalidMessageError);
  expect(await database.raw("DBSIZE")).toBe(0);
});

it("delivers a message once when the reply to its publish is lost", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const { handler, data } = createRecorder();
  pubsub.subscribe("all", handler);
  await pubsub.poll();
  await isolate.database.break(lostReply);
  await pubsub.publish("all", "x");
  expect(await isolate.database.raw("XLEN", "t:b:main")).toBe(2);
  await pubsub.poll();
  expect([data(), pubsub.stats().duplicates]).toEqual([["x"], 1]);
});

it("delivers a message once when the caller publishes it again after an uncertain outcome", async () => {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation();
  const { handler, data } = createRecorder();
  pubsub.subscribe("all", handler);
  await pubsub.poll();
  await isolate.database.break({ ...lostReply, times: 3 });
  const error = await pubsub.publish("all", "x").catch((thrown: unknown) => thrown);
  if (!(error instanceof PublishUncertainError)) throw error;
  await pubsub.publish("all", "x", { id: error.messageId });
  await pubsub.poll();
  expect(data()).toEqual(["x"]);
});

it("trims the bus by age with every publish, and by length at random", async () => {
  const clock = createFakeClock(Date.now());
  let chance = 0.5;
  const isolate = createTestIsolate({ clock, retentionMs: 60_000, maxLength: 200, chance: () => chance });
  const pubsub = isolate.invocation();
  const length = () => isolate.database.raw("XLEN", "t:b:main");
  await fill(isolate.database, 900);
  await pubsub.publish("all", "x");
  expect(await length()).toBe(901);
  chance = 0;
  await pubsub.publish("all", "x");
  expect(await length()).toBeLessThanOrEqual(300);
  chance = 0.5;
  await clock.advance(120_000);
  await pubsub.publish("all", "x");
  expect(await length()).toBeLessThanOrEqual(100);
});

it.each([
  [0, ["MAXLEN", "~", 10_000]],
  [1 / 16 - 1e-9, ["MAXLEN", "~", 10_000]],
  [1 / 16, ["MINID", "~", 1_000_000_000]],
  [0.99, ["MINID", "~", 1_000_000_000]],
])("keeps a day, or by chance one time in sixteen 10,000 messages: by %d %j", async (chance, rule) => {
  const { redis, sent } = createScript(() => "1-0");
  const clock = createFakeClock(1_000_000_000 + 24 * 3_600_000);
  const pubsub = createTestIsolate({ redis, clock, chance: () => chance }).invocation();
  await pubsub.publish("all", 1, { id: "m1" });
  expect(sent[0]).toEqual([
    "XADD",
    "t:b:main",
    ...rule,
    "*",
    "c",
    "all",
    "i",
    "m1",
    "t",
    "message",
    "d",
    "1",
    "s",
    "one",
  ]);
});

it("trims nothing by age on a clock that shows less than what is kept", async () => {
  const { redis, sent } = createScript(() => "1-0");
  const clock = createFakeClock(1_000);
  await createTestIsolate({ redis, clock }).invocation().publish("all", undefined);
  expect(sent[0]?.slice(6)).toEqual(expect.arrayContaining(["d", "null"]));
  expect(sent[0]?.slice(0, 5)).toEqual(["XADD", "t:b:main", "MINID", "~", 0]);
});

it.each([
  [undefined, 64 * 1024],
  [100, 100],
])("takes as many bytes of UTF-8 as are allowed, not one more: of %s, %i", async (maxBytes, most) => {
  const { redis, sent } = createScript(() => "1-0");
  const pubsub = createTestIsolate({ redis, ...(maxBytes && { maxBytes }) }).invocation();
  const text = "ä".repeat((most - 2) / 2);
  await pubsub.publish("all", text);
  const count = sent.length;
  await expect(pubsub.publish("all", `${text}.`)).rejects.toThrow(MessageTooLargeError);
  expect(sent).toHaveLength(count);
});

it("sends a publish three times at most, while its replies are lost", async () => {
  const isolate = createTestIsolate();
  await isolate.database.break({ ...lostReply, times: 10 });
  const cost = await isolate.database.cost(async () => {
    await expect(isolate.invocation().publish("all", 1)).rejects.toThrow(PublishUncertainError);
  });
  expect(cost).toMatchObject({ XADD: 3 });
});

it("asks whether the bus was extended before it publishes again after a lost reply", async () => {
  const extended = Promise.withResolvers<number>();
  const { redis, sent } = createScript(([name]) => {
    if (name === "PEXPIRE") return extended.promise;
    if (sent.length === 1) throw new RedisUnknownOutcomeError("XADD", new Error("lost"));
    return "1-0";
  });
  const publishing = createTestIsolate({ redis }).invocation().publish("all", 1);
  await settle();
  expect(sent.map(([name]) => name)).toEqual(["XADD", "PEXPIRE"]);
  extended.resolve(0);
  await publishing;
  expect(sent.map(([name]) => name).slice(2)).toEqual(["XADD", "PEXPIRE", "PEXPIRE"]);
});

it("tells of a publish before it leaves, in whose request commands go along, and after it, unless it failed", async () => {
  const told: string[] = [];
  const isolate = createTestIsolate();
  const redis = isolate.connect();
  const pubsub = isolate.invocation({
    redis: () => redis.commands,
    onPublishing(channel) {
      told.push(`publishing ${channel}`);
      void redis.commands.get("along").catch(() => undefined);
    },
    onPublished: (channel) => void told.push(`published ${channel}`),
  });
  expect(await isolate.database.cost(() => pubsub.publish("a", 1))).toMatchObject({ requests: 1, GET: 1 });
  const once = () => pubsub.publishOnce("b", 1, { key: "k" });
  expect(await isolate.database.cost(once)).toMatchObject({ requests: 2, GET: 1 });
  // A repeated call publishes nothing.
  await once();
  await isolate.database.raw("SET", "t:b:main", "x");
  await expect(pubsub.publish("c", 1)).rejects.toThrow();
  expect(told).toEqual(["publishing a", "published a", "publishing b", "published b", "publishing c"]);
});

/** Makes an isolate that hears everything, and what it heard. */
async function createAudience() {
  const { handler, data, got } = createRecorder();
  const isolate = createTestIsolate({ isolateHandlers: { "*": handler } });
  const pubsub = isolate.invocation();
  await pubsub.poll();
  return { database: isolate.database, pubsub, data, got };
}

describe("under an idempotency key", () => {
  it("publishes once for all calls, also at once, and tells each whether it was repeated", async () => {
    const { database, pubsub, data } = await createAudience();
    const first = await pubsub.publishOnce("all", { a: 1 }, { key: "k" });
    const again = await pubsub.publishOnce("all", { a: 1 }, { key: "k" });
    expect([first.isRepeated, again]).toEqual([false, { id: first.id, isRepeated: true }]);
    expect([await database.raw("XLEN", "t:b:main"), pubsub.stats().published]).toEqual([1, 1]);
    await Promise.all([1, 2, 3].map(() => pubsub.publishOnce("all", "at once", { key: "other" })));
    await pubsub.poll();
    expect(data()).toEqual([{ a: 1 }, "at once"]);
  });

  it("says that it is published behind the message, in one request", async () => {
    const { redis, sent } = createScript(() => null);
    await createTestIsolate({ redis }).invocation().publishOnce("all", 1, { key: "k" });
    expect(sent.map(([name]) => name)).toEqual(["SET", "XADD", "SET", "PEXPIRE"]);
  });

  it.each([
    [new RedisReplyError("XADD", "OOM command not allowed"), ["SET", "XADD", "SET", "PEXPIRE", "SET"]],
    [new Error("out of requests"), ["SET", "XADD", "SET", "PEXPIRE"]],
  ])("takes back that it is published where Redis refused it: %s", async (error, names) => {
    const { redis, sent } = createScript(([name]) => {
      if (name === "XADD") throw error;
      // Whether the record could be taken back does not matter to the caller.
      if (sent.length === 5) throw new Error("no answer");
      return null;
    });
    const publishing = createTestIsolate({ redis }).invocation().publishOnce("all", 1, { key: "k" });
    await expect(publishing).rejects.toBe(error);
    expect(sent.map(([name]) => name)).toEqual(names);
    expect(sent[4]?.slice(2)).toEqual(names[4] && [sent[0]?.[2], "PX", 86_400_000]);
  });

  it("takes a record that it did not write for none", async () => {
    const { database, pubsub } = await createAudience();
    for (const [key, record] of Object.entries({ short: "abc=m1", long: `${"d".repeat(43)}=${"i".repeat(257)}` })) {
      await database.raw("SET", `t:bi:main:all ${key}`, record);
      expect(await pubsub.publishOnce("all", key, { key })).toMatchObject({ isRepeated: false });
    }
  });

  it("refuses other data, and another type, and publishes nothing of them", async () => {
    const { database, pubsub } = await createAudience();
    await pubsub.publishOnce("all", 1, { key: "k", type: "paid" });
    await expect(pubsub.publishOnce("all", 2, { key: "k", type: "paid" })).rejects.toThrow(KeyReusedError);
    await expect(pubsub.publishOnce("all", 1, { key: "k", type: "refunded" })).rejects.toThrow(KeyReusedError);
    expect(await database.raw("XLEN", "t:b:main")).toBe(1);
    // Each channel has its own keys.
    expect(await pubsub.publishOnce("else", 2, { key: "k" })).toMatchObject({ isRepeated: false });
  });

  it.each(["before", "after"] as const)("is delivered once when the reply to it is lost %s it ran", async (at) => {
    const { database, pubsub, data, got } = await createAudience();
    await database.break({ at, do: "drop", times: 1, match: "XADD" });
    const error = await pubsub.publishOnce("all", 1, { key: "k" }).catch((thrown: unknown) => thrown);
    if (!(error instanceof PublishUncertainError)) throw error;
    const { id } = await pubsub.publishOnce("all", 1, { key: "k" });
    await pubsub.poll();
    expect([data(), got.map((message) => message.id), id]).toEqual([[1], [error.messageId], error.messageId]);
  });

  it("holds the key for a day, from its claim on and from its publishing on", async () => {
    const { database, pubsub } = await createAudience();
    const day = 86_400_000;
    const leftMs = async () => day - Number(await database.raw("PTTL", "t:bi:main:all k"));
    await database.break({ at: "before", do: "drop", times: 1, match: "XADD" });
    await pubsub.publishOnce("all", 1, { key: "k" }).catch(() => undefined);
    for (const isPublished of [false, true]) {
      expect(String(await database.raw("GET", "t:bi:main:all k")).includes("=")).toBe(isPublished);
      expect(await leftMs()).toBeLessThan(60_000);
      expect(await leftMs()).toBeGreaterThanOrEqual(0);
      await database.raw("PEXPIRE", "t:bi:main:all k", 1_000_000);
      await pubsub.publishOnce("all", 1, { key: "k" });
    }
    // A repeated call does not prolong it.
    await database.raw("PEXPIRE", "t:bi:main:all k", 1_000_000);
    await pubsub.publishOnce("all", 1, { key: "k" });
    expect(await leftMs()).toBeGreaterThan(day - 1_000_001);
  });

  it("is published by the next call when Redis refused the message", async () => {
    const { database, pubsub } = await createAudience();
    await database.raw("SET", "t:b:main", "x");
    for (let call = 0; call < 2; call++) {
      await expect(pubsub.publishOnce("all", 1, { key: "k" })).rejects.toThrow(WrongTypeError);
    }
    await database.raw("DEL", "t:b:main");
    expect(await pubsub.publishOnce("all", 1, { key: "k" })).toMatchObject({ isRepeated: false });
    expect(await database.raw("XLEN", "t:b:main")).toBe(1);
  });
});
