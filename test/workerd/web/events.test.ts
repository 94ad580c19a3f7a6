import { describe, expect, it } from "vitest";
import { createEventsApp, type EventsOptions } from "../../../src/web/index.ts";
import { createFakeClock, settle } from "../../support/clock.ts";
import { createTestIsolate } from "../pubsub/support.ts";

const token = "a-token-of-at-least-24-characters";
const authorised = { Authorization: `Bearer ${token}` };

function createTestApp(options: Partial<EventsOptions> = {}) {
  const isolate = createTestIsolate();
  const pubsub = isolate.invocation({ ...(options.clock && { clock: options.clock }) });
  const app = createEventsApp({ pubsub: () => pubsub, adminToken: () => token, fastMs: 5, slowMs: 10, ...options });
  return {
    ...isolate,
    pubsub,
    get: (query: string, headers: Record<string, string> = {}) =>
      app.request(`/?${query}`, { headers: { ...authorised, ...headers } }),
    post: (channel: string, body: string, headers: Record<string, string> = {}) =>
      app.request(`/${channel}`, { method: "POST", body, headers: { ...authorised, ...headers } }),
    app,
  };
}

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

interface Received {
  id?: string;
  event?: string;
  data?: { data?: unknown; [name: string]: unknown };
  comment?: string;
}

/** Reads blocks of a `text/event-stream` one by one, as a browser would. */
function createReader(response: Response) {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  async function block(): Promise<Received | undefined> {
    while (!text.includes("\n\n")) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) return undefined;
      text += decoder.decode(value, { stream: true });
    }
    const end = text.indexOf("\n\n");
    const lines = text.slice(0, end).split("\n");
    text = text.slice(end + 2);
    const received: Record<string, unknown> = {};
    for (const line of lines) {
      const at = line.indexOf(": ");
      const value = line.slice(at + 2);
      received[line.slice(0, at) || "comment"] = line.startsWith("data") ? JSON.parse(value) : value;
    }
    return received;
  }
  return {
    block,
    /** Returns the next block with data. */
    async event(): Promise<Received | undefined> {
      for (let one = await block(); one; one = await block()) if (one.data) return one;
      return undefined;
    },
    cancel: () => reader?.cancel(),
  };
}

describe("the admin token", () => {
  it.each([
    ["missing", {}],
    ["wrong", { Authorization: "Bearer another-token-of-24-characters" }],
    ["longer", { Authorization: `Bearer ${token}x` }],
    ["without its scheme", { Authorization: token }],
  ])("answers 401 to a token that is %s", async (_name, headers) => {
    const { app } = createTestApp();
    for (const request of [
      app.request("/?channel=all", { headers }),
      app.request("/all", { method: "POST", headers, body: "1" }),
    ]) {
      const response = await request;
      expect([response.status, await response.json()]).toEqual([401, { error: expect.stringContaining("Bearer") }]);
    }
  });

  it("answers 404 when no admin token is set", async () => {
    const { get, post } = createTestApp({ adminToken: () => undefined });
    expect([(await get("channel=all")).status, (await post("all", "1")).status]).toEqual([404, 404]);
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

describe("following", () => {
  it("sends what is published to its channels and patterns from now on", async () => {
    const { get, pubsub } = createTestApp();
    await pubsub.publish("all", "before");
    const response = await get("channel=all&channel=guild.*");
    expect(response.headers.get("Content-Type")).toMatch("text/event-stream");
    const reader = createReader(response);
    await reader.block();
    await pubsub.publish("guild.1", "a", { type: "renamed", id: "m1" });
    await pubsub.publish("user.1", "not asked for");
    const { streamId } = await pubsub.publish("all", "b");
    expect(await reader.event()).toEqual({
      id: expect.stringMatching(/^\d+-\d+$/),
      data: { id: "m1", channel: "guild.1", type: "renamed", data: "a", time: expect.any(Number), source: "one" },
    });
    expect(await reader.event()).toMatchObject({ id: streamId, data: { data: "b" } });
    await reader.cancel();
  });

  it("resumes a stream after any event, without loss and without a duplicate", async () => {
    const { get, pubsub } = createTestApp();
    const first = createReader(await get("channel=a.*"));
    let lastId = (await first.block())?.id ?? "";
    await first.cancel();
    for (let index = 0; index < 30; index++) await pubsub.publish(index % 3 === 0 ? "b" : "a.x", index);
    const got: unknown[] = [];
    // Each connection lasts for one to three events, and is then cut.
    for (let take = 1; got.length < 20; take = (take % 3) + 1) {
      const reader = createReader(await get("channel=a.*", { "Last-Event-ID": lastId }));
      for (let count = 0; count < take && got.length < 20; count++) {
        const event = await reader.event();
        lastId = event?.id ?? lastId;
        got.push(event?.data?.data);
      }
      await reader.cancel();
    }
    expect(got).toEqual(Array.from({ length: 30 }, (_, index) => index).filter((index) => index % 3 !== 0));
  });

  it("sends its position with heartbeats, when no message is for its channels", async () => {
    const { get, pubsub, database } = createTestApp();
    await pubsub.publish("start", 0);
    const reader = createReader(await get("channel=a"));
    const start = await reader.block();
    const { streamId } = await pubsub.publish("b", 1);
    expect(await reader.block()).toEqual({ id: streamId, comment: "so far" });
    expect(start?.id).not.toBe(streamId);
    await reader.cancel();
    await database.raw("XTRIM", "t:b:main", "MAXLEN", 1);
    await pubsub.publish("a", 2);
    const resumed = createReader(await get("channel=a", { "Last-Event-ID": streamId }));
    expect(await resumed.event()).toMatchObject({ data: { data: 2 } });
    await resumed.cancel();
  });

  it("sends a gap event when messages were trimmed", async () => {
    const { get, pubsub, database } = createTestApp();
    const { streamId } = await pubsub.publish("a", 0);
    for (let index = 1; index < 5; index++) await pubsub.publish("a", index);
    await database.raw("XTRIM", "t:b:main", "MAXLEN", 2);
    const reader = createReader(await get("channel=a", { "Last-Event-ID": streamId }));
    expect(await reader.event()).toMatchObject({ event: "gap", data: { after: streamId, missed: null } });
    expect((await reader.event())?.data?.data).toBe(3);
    await reader.cancel();
  });

  it.each([
    ["no channel", "", {}],
    ["too many", Array.from({ length: 51 }, (_, index) => `channel=${index}`).join("&"), {}],
    ["no channel's name", "channel=a%20b", {}],
    ["no stream id", "channel=a", { "Last-Event-ID": "yesterday" }],
    ["an id ahead of the bus", "channel=a", { "Last-Event-ID": "99999999999999-0" }],
    ["an id of too many digits", "channel=a", { "Last-Event-ID": `${"9".repeat(30)}-0` }],
  ])("refuses to stream for %s", async (_name, query, headers) => {
    const response = await createTestApp().get(query, headers);
    expect([response.status, await response.json()]).toEqual([400, { error: expect.any(String) }]);
  });

  it("sends comments while no message comes, and ends after `maxMs`", async () => {
    const clock = createFakeClock();
    const { get } = createTestApp({ clock, fastMs: 1_000, slowMs: 5_000, heartbeatMs: 15_000, maxMs: 40_000 });
    const reader = createReader(await get("channel=a"));
    await reader.block();
    const rest: (Received | undefined)[] = [];
    const reading = (async () => {
      for (let one = await reader.block(); one; one = await reader.block()) rest.push(one);
    })();
    for (let step = 0; step < 60; step++) {
      await new Promise((resolve) => void setTimeout(resolve, 2));
      await clock.advance(1_000);
    }
    await reading;
    expect(rest).toEqual([{ comment: "still here" }, { comment: "still here" }]);
  });

  it("ends before its invocation has no request left, and asks the client to come back in a second", async () => {
    const requests = { left: 50 };
    const { get, database, pubsub } = createTestApp({ left: () => (requests.left -= 1), fastMs: 1, slowMs: 1 });
    await pubsub.publish("a", 0);
    const reader = createReader(await get("channel=a"));
    expect(await reader.block()).toMatchObject({ comment: "so far", retry: "1000" });
    const { streamId } = await pubsub.publish("a", 1);
    expect(await reader.block()).toMatchObject({ id: streamId, data: { data: 1 } });
    const cost = await database.cost(async () => expect(await reader.block()).toBeUndefined());
    expect(cost["XREAD"]).toBeLessThan(50);
    expect(requests.left).toBe(5);
  });

  it("stops polling for a client that takes nothing, and cuts it off", async () => {
    const clock = createFakeClock();
    const { get, pubsub, database } = createTestApp({ clock, fastMs: 1, slowMs: 1, stallMs: 30_000, maxMs: 600_000 });
    const { streamId } = await pubsub.publish("a", 0);
    await Promise.all(Array.from({ length: 500 }, (_, index) => pubsub.publish("a", "x".repeat(1_000) + index)));
    const response = await get("channel=a", { "Last-Event-ID": streamId });
    const cost = await database.cost(async () => {
      for (let step = 0; step < 40; step++) {
        await new Promise((resolve) => void setTimeout(resolve, 2));
        await clock.advance(1_000);
      }
    });
    expect(cost["XREAD"] ?? 0).toBeLessThanOrEqual(1);
    await expect(response.text()).rejects.toThrow("too long");
    await settle();
    expect(clock.sleeping()).toBe(0);
  });

  it("stops polling when the client has gone", async () => {
    const clock = createFakeClock();
    const { get, database } = createTestApp({ clock });
    const reader = createReader(await get("channel=a"));
    await reader.block();
    await reader.cancel();
    await expect.poll(() => clock.sleeping()).toBe(0);
    expect(await database.cost(() => clock.advance(60_000))).toEqual({ requests: 0 });
  });
});
