import { describe, expect, it, onTestFinished, vi } from "vitest";
import { authorised, createReader, createTestApp } from "./support.ts";

describe("a published number", () => {
  it.each([
    ['{"id":1100000000000000111}', "1100000000000000111"],
    ["[-9007199254740993]", "-9007199254740993"],
    ['{"a":{"b":[1e400]}}', "1e400"],
    ['["\\"1", 12345678901234567890]', "12345678901234567890"],
  ])("is refused in %s, as reading would change it", async (body, number) => {
    const response = await createTestApp().post("numbers", body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: `${number} is not exact as a JSON number: send it as a string, as Discord sends its ids`,
    });
  });

  it("is published where it is exact, and an id as a string with every digit", async () => {
    const { post, pubsub } = createTestApp();
    const data = { id: "1100000000000000111", text: 'a "1100000000000000111"', n: [9_007_199_254_740_991, -0.1, 1e30] };
    const heard: unknown[] = [];
    pubsub.subscribe("numbers", (message) => void heard.push(message.data));
    await pubsub.poll();
    expect((await post("numbers", JSON.stringify(data))).status).toBe(202);
    await pubsub.poll();
    expect(heard).toEqual([data]);
  });

  it("is refused with its body when that is nested too deeply for its readers", async () => {
    const response = await createTestApp().post("numbers", `${"[".repeat(20_000)}1${"]".repeat(20_000)}`);
    expect(response.status).toBe(400);
  });
});

describe("publishing", () => {
  it("publishes a message, and answers with its ids", async () => {
    const { post, pubsub } = createTestApp();
    const before = await pubsub.publish("all", 0);
    const response = await post("shop.orders?type=order", '{"tea":1}');
    expect([response.status, await response.json()]).toEqual([
      202,
      { id: expect.any(String), streamId: expect.stringMatching(/^\d+-\d+$/) },
    ]);
    for await (const message of pubsub.messages(["shop.*"], { after: before.streamId })) {
      expect(message).toMatchObject({ channel: "shop.orders", type: "order", data: { tea: 1 } });
      break;
    }
  });

  it.each([
    ["an empty body", "all", "", 400, /empty/],
    ["text that is not JSON", "all", "{tea", 400, /JSON/],
    ["a pattern", "guild.*", "1", 400, /channel/],
    ["too much", "all", JSON.stringify("x".repeat(70_000)), 413, /65536 bytes/],
    ["an odd type", "all?type=a%20b", "1", 400, /type/],
  ])("refuses to publish %s, and says why", async (_name, channel, body, status, reason) => {
    const { post, database } = createTestApp();
    const response = await post(channel, body);
    expect([response.status, await response.json()]).toEqual([status, { error: expect.stringMatching(reason) }]);
    expect(await database.raw("EXISTS", "t:b:main")).toBe(0);
  });

  it.each([
    ["coordination", /\/broadcast/],
    ["cache.invalidations", /cache\.invalidate/],
    ["delivery.1100000000000000001", /feed\.<topic>/],
    ["%63oordination", /\/broadcast/],
    ["delivery.", /feed\.<topic>/],
  ])(
    "refuses to publish to the bot's own channel %s, says what to use instead, and lets it be read",
    async (channel, instead) => {
      const { post, get, database, pubsub } = createTestApp();
      for (const headers of [{}, { "Idempotency-Key": "k" }]) {
        const response = await post(channel, '{"type":"command","token":1e308,"dueAt":null}', headers);
        expect([response.status, await response.json()]).toEqual([403, { error: expect.stringMatching(instead) }]);
      }
      expect(await database.raw("DBSIZE")).toBe(0);
      const reader = createReader(await get(`channel=${channel}`));
      await reader.block();
      await pubsub.publish(decodeURIComponent(channel), 1);
      expect(await reader.event()).toMatchObject({ data: { data: 1 } });
      await reader.cancel();
    },
  );

  it.each(["all", "feed.releases", "guild.1", "user.1", "coordination.mine", "deliveries.1", "Coordination"])(
    "publishes to %s, which is for other systems too",
    async (channel) => {
      expect((await createTestApp().post(channel, "1")).status).toBe(202);
    },
  );

  it("answers 503 and names the key when the bus has another type", async () => {
    const { post, get, database } = createTestApp();
    await database.raw("RPUSH", "t:b:main", "x");
    for (const response of [
      await post("all", "1"),
      await post("all", "1", { "Idempotency-Key": "k" }),
      await get("channel=all"),
      await get("channel=all", { "Last-Event-ID": "1-1" }),
    ]) {
      expect([response.status, await response.json()]).toEqual([503, { error: expect.stringContaining('"t:b:main"') }]);
    }
  });

  it("answers 503 with the sentence that explains why Redis refused", async () => {
    const { post, database } = createTestApp({ explain: () => "Try again in a minute." });
    await database.break({ at: "before", do: "status", status: 429, times: 9 });
    const response = await post("all", "1");
    expect([response.status, await response.json()]).toEqual([503, { error: "Try again in a minute." }]);
  });

  it("counts the bytes of a body of unannounced length", async () => {
    const { app } = createTestApp({ maxBodyBytes: 100 });
    let pulled = 0;
    const body = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new TextEncoder().encode("1".repeat(30)));
      },
    });
    const response = await app.request("/all", { method: "POST", headers: authorised, body });
    expect(response.status).toBe(413);
    expect(pulled).toBeLessThan(20);
  });

  it("publishes once under an idempotency key, also when a reply of Redis is lost", async () => {
    const { post, database, pubsub } = createTestApp();
    const { streamId } = await pubsub.publish("start", 0);
    await database.break({ at: "after", do: "drop", times: 1, match: "XADD" });
    const lost = await post("all", "1", { "Idempotency-Key": "order-7" });
    expect(lost.status).toBe(503);
    const [first, second] = [
      await post("all", "1", { "Idempotency-Key": "order-7" }),
      await post("all", "1", { "Idempotency-Key": "order-7" }),
    ];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(await first.json()).toEqual(await second.json());
    await pubsub.publish("all", "end");
    const got: unknown[] = [];
    for await (const { data } of pubsub.messages(["all"], { after: streamId })) {
      got.push(data);
      if (data === "end") break;
    }
    expect(got).toEqual([1, "end"]);
    expect((await post("all", "1", { "Idempotency-Key": "a b" })).status).toBe(400);
  });

  it.each([
    ["another body", "all?type=order", '{"tea":2}'],
    ["another type", "all?type=note", '{"tea":1}'],
  ])("refuses an idempotency key that comes with %s, and publishes nothing", async (_name, channel, body) => {
    const { post, database } = createTestApp();
    const key = { "Idempotency-Key": "order-7" };
    expect((await post("all?type=order", '{"tea":1}', key)).status).toBe(202);
    const refused = await post(channel, body, key);
    expect([refused.status, await refused.json()]).toEqual([
      422,
      { error: 'This idempotency key was used for another message to "all"; use a new key for a new message' },
    ]);
    expect(await database.raw("XLEN", "t:b:main")).toBe(1);
    // The same JSON in other white space is the same message.
    expect((await post("all?type=order", ' { "tea" : 1 } ', key)).status).toBe(200);
  });

  it("refuses an idempotency key with another body also when the first message's reply was lost", async () => {
    const { post, database } = createTestApp();
    await database.break({ at: "before", do: "drop", times: 1, match: "XADD" });
    expect((await post("all", "1", { "Idempotency-Key": "k" })).status).toBe(503);
    expect((await post("all", "2", { "Idempotency-Key": "k" })).status).toBe(422);
    expect((await post("all", "1", { "Idempotency-Key": "k" })).status).toBe(202);
    expect(await database.raw("XLEN", "t:b:main")).toBe(1);
  });

  it("publishes under one idempotency key to each of two channels", async () => {
    const { post, database } = createTestApp();
    const key = { "Idempotency-Key": "build-7" };
    const [one, other] = [await post("feed.a", "1", key), await post("feed.b", "1", key)];
    expect([one.status, other.status, await database.raw("XLEN", "t:b:main")]).toEqual([202, 202, 2]);
    const [first, second] = (await Promise.all([one.json(), other.json()])) as { id: string }[];
    expect(first?.id).not.toBe(second?.id);
    expect((await post("feed.b", "1", key)).status).toBe(200);
  });
});

describe("the limits of publishing", () => {
  const text = (bytes: number) => JSON.stringify("x".repeat(bytes - 2));
  const nested = (depth: number) => `${"[".repeat(depth)}1${"]".repeat(depth)}`;
  const status = async (channel: string, body: string, headers: Record<string, string> = {}) =>
    (await createTestApp().post(channel, body, headers)).status;

  it("takes a body of 64 KiB, and not a byte more", async () => {
    expect([await status("all", text(65_536)), await status("all", text(65_537))]).toEqual([202, 413]);
    expect(await status("all", JSON.stringify("é".repeat(40_000)))).toBe(413);
  });

  it("takes a body nested 100 deep, and no deeper", async () => {
    expect([await status("all", nested(100)), await status("all", nested(101))]).toEqual([202, 400]);
  });

  it("takes an idempotency key of 128 characters, and none that is longer, empty or has a space", async () => {
    const keys = ["k".repeat(128), "~!x", "k".repeat(129), "", "a b"];
    const all = await Promise.all(keys.map((key) => status("all", "1", { "Idempotency-Key": key })));
    expect(all).toEqual([202, 202, 400, 400, 400]);
  });

  it("takes a type of 64 characters, and none that is longer or empty", async () => {
    const all = await Promise.all(["t".repeat(64), "t".repeat(65), ""].map((type) => status(`all?type=${type}`, "1")));
    expect(all).toEqual([202, 400, 400]);
  });
});

describe("what is told of a publication", () => {
  it("is its channel, once it is on the bus, and nothing for one that was refused or published before", async () => {
    const told: string[] = [];
    const { post } = createTestApp({ onPublished: (_c, channel) => void told.push(channel) });
    await post("a", "1");
    for (let time = 0; time < 2; time++) await post("b", "1", { "Idempotency-Key": "k" });
    await post("b", "2", { "Idempotency-Key": "k" });
    await post("coordination", "1");
    await post("c", "{");
    expect(told).toEqual(["a", "b"]);
  });

  it("is left to the Worker where the failure is not known", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => void vi.restoreAllMocks());
    const { post, database } = createTestApp();
    await database.break({ at: "before", do: "status", status: 429, times: 9 });
    expect((await post("all", "1")).status).toBe(500);
  });
});
