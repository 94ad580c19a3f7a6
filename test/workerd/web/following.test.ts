import { describe, expect, it } from "vitest";
import { createFakeClock, settle } from "../../support/clock.ts";
import { createReader, createTestApp } from "./support.ts";

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
    ["an id beyond 64 bits", "channel=a", { "Last-Event-ID": `1-${"9".repeat(20)}` }],
    ["an id of too many digits", "channel=a", { "Last-Event-ID": `${"9".repeat(30)}-0` }],
  ])("refuses to stream for %s", async (_name, query, headers) => {
    const response = await createTestApp().get(query, headers);
    expect([response.status, await response.json()]).toEqual([400, { error: expect.any(String) }]);
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

  it("follows fifty channels and no more, each counted once", async () => {
    const query = (names: readonly number[]) => names.map((name) => `channel=${name}`).join("&");
    const fifty = Array.from({ length: 50 }, (_, index) => index);
    const { get } = createTestApp();
    const response = await get(query([...fifty, 0, 1, 2]));
    expect([response.status, response.headers.get("Cache-Control")]).toEqual([200, "no-store"]);
    await response.body?.cancel();
    expect((await get(query([...fifty, 50]))).status).toBe(400);
  });

  it("resumes after an id in the query, for a client that cannot set headers; the header wins", async () => {
    const { get, pubsub } = createTestApp();
    const first = await pubsub.publish("a", 1);
    const second = await pubsub.publish("a", 2);
    await pubsub.publish("a", 3);
    const next = async (headers: Record<string, string> = {}) => {
      const reader = createReader(await get(`channel=a&lastEventId=${first.streamId}`, headers));
      const event = await reader.event();
      await reader.cancel();
      return event?.data?.data;
    };
    expect(await next()).toBe(2);
    expect(await next({ "Last-Event-ID": second.streamId })).toBe(3);
  });

  it("ends with an error event when Redis fails meanwhile, so that the client comes back", async () => {
    const { get, database } = createTestApp();
    const reader = createReader(await get("channel=a"));
    await reader.block();
    await database.break({ at: "before", do: "status", status: 503 });
    expect(await reader.event()).toEqual({ event: "error", data: { error: "events ended early" } });
    expect(await reader.block()).toBeUndefined();
  });
});
