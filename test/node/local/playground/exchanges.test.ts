import { describe, expect, it } from "vitest";
import type { SimulatorEvent } from "../../../../local/discord/index.ts";
import { createSeededWorld } from "../../../../local/discord/world/seed.ts";
import type { ExchangeView } from "../../../../local/playground/protocol.ts";
import { begin, createExchanges } from "../../../../local/playground/server/exchanges.ts";
import { ada, general, says, startPlayground } from "./support.ts";

const redis = (exchange: string | undefined, key: string) => ({
  method: "POST",
  path: "/pipeline",
  status: 200,
  ms: 2,
  exchange,
  commands: [["GET", key] as const, ["EVAL", "x".repeat(500), "0"] as const],
  billed: 3,
});

describe("what is kept of exchanges", () => {
  const world = createSeededWorld();
  const payload = {
    id: "i1",
    token: "t1",
    type: 2,
    channel_id: general,
    member: { user: { id: ada } },
    data: { name: "ping" },
  };
  const request = (exchange: string, more: object = {}): Extract<SimulatorEvent, { type: "request" }> => ({
    type: "request",
    exchange,
    at: 1_000,
    headers: { A: "b" },
    body: JSON.stringify({ ...payload, ...more }),
  });

  function start(size?: number) {
    const told: string[] = [];
    const onChange = ({ view }: { view: { id: string } }) => void told.push(view.id);
    const exchanges = createExchanges({ world, onChange, ...(size !== undefined && { size }) });
    return { ...exchanges, told, turn: () => new Promise(setImmediate) };
  }

  it("is the request, who sent it and where, and nothing else at first", () => {
    const { payload: read, body, view } = begin(request("1"), world);
    expect([read, body]).toEqual([payload, JSON.stringify(payload)]);
    expect(view).toEqual({
      id: "1",
      kind: "command",
      title: "/ping",
      person: expect.objectContaining({ id: ada }),
      channelId: general,
      at: 1_000,
      request: { headers: { A: "b" }, body },
      limits: [],
      problems: [],
      redis: [],
      rest: [],
      logs: [],
      isCertain: true,
    });
  });

  it("has neither person nor place where the request names none that is known", () => {
    const { view } = begin(request("1", { member: { user: { id: "5" } }, channel_id: undefined }), world);
    expect(view).not.toHaveProperty("person");
    expect(view).not.toHaveProperty("channelId");
  });

  it("has a title of 300 characters, also for a request that was edited into anything", () => {
    expect(begin(request("1", { data: { name: "x".repeat(400) } }), world).view.title).toBe(`/${"x".repeat(299)}`);
    expect(begin(request("1", { data: { name: "x", options: 5 } }), world).view.title).toBe("an edited request");
    expect(
      begin(
        request("1", {
          member: {
            get user() {
              return 5;
            },
          },
        }),
        world,
      ).view.id,
    ).toBe("1");
  });

  it("is a body up to 256 KiB, and how long a longer one was", () => {
    const of = (length: number) => begin({ ...request("1"), body: "x".repeat(length) }, world).view.request;
    expect(of(262_144)).toEqual({ headers: { A: "b" }, body: "x".repeat(262_144) });
    expect(of(262_145)).toEqual({ headers: { A: "b" }, body: "x".repeat(262_144), cutFrom: 262_145 });
  });

  it("is told once a turn for all changes, and not once it is no longer kept", async () => {
    const { take, get, changed, told, turn } = start(1);
    take(request("1"));
    const first = get("1");
    if (first) changed(first);
    await turn();
    expect(told).toEqual(["1"]);
    take(request("2"));
    if (first) changed(first);
    await turn();
    expect(told).toEqual(["1", "2"]);
  });

  it("is the last 200, and the causes of messages also after that", () => {
    const { take, all, get, cause, ofInteraction } = start();
    for (let count = 1; count <= 201; count++) take(request(String(count), { id: `i${count}` }));
    expect([all().length, get("1"), get("2")?.view.id]).toEqual([200, undefined, "2"]);
    expect(cause("i1")).toEqual({ title: "/ping", exchange: "1" });
    expect(cause("unknown")).toBeUndefined();
    expect(ofInteraction("i1")).toBeUndefined();
    take(request("202", { id: "i201" }));
    expect(ofInteraction("i201")?.view.id).toBe("202");
  });

  it("is 5,000 causes", () => {
    const { take, cause } = start(1);
    for (let count = 1; count <= 5_001; count++) take(request(String(count), { id: `i${count}` }));
    expect([cause("i1"), cause("i2")?.exchange, cause("i5001")?.exchange]).toEqual([undefined, "2", "5001"]);
  });

  it("is the response, its status, how long it took, and how much of the limits it uses", () => {
    const { take, get } = start();
    take(request("1"));
    take({
      type: "response",
      exchange: "1",
      at: 1_250,
      status: 202,
      headers: { C: "d" },
      body: '{"data":{"content":"hello"}}',
    });
    expect(get("1")?.view).toMatchObject({
      status: 202,
      ms: 250,
      response: { headers: { C: "d" }, body: expect.any(String) },
    });
    expect(get("1")?.view.limits).not.toEqual([]);
    take({ type: "delivered", exchange: "1", outcome: { status: 0, ms: 100, problems: ["late"] } });
    expect(get("1")?.view).toMatchObject({ status: 202, ms: 250, problems: ["late"] });
    take({ type: "delivered", exchange: "1", outcome: { status: 202, ms: 900, problems: [] } });
    expect(get("1")?.view).toMatchObject({ status: 202, ms: 900, problems: [] });
    take({ type: "delivered", exchange: "unknown", outcome: { status: 1, ms: 1, problems: [] } });
    expect(get("1")?.view.status).toBe(202);
  });

  it.each([200, 500])("is how long the response took, not the look at it, where it is the answer (%s)", (status) => {
    const { take, get } = start();
    take(request("1"));
    take({ type: "response", exchange: "1", at: 1_250, status, headers: {}, body: "{}" });
    take({ type: "delivered", exchange: "1", outcome: { status, ms: 900, problems: [] } });
    expect(get("1")?.view).toMatchObject({ status, ms: 250 });
  });

  it("is how long an answer took that came without a response", () => {
    const { take, get } = start();
    take(request("1"));
    take({ type: "delivered", exchange: "1", outcome: { status: 0, ms: 3_000, problems: ["late"] } });
    expect(get("1")?.view).toMatchObject({ ms: 3_000, problems: ["late"] });
    expect(get("1")?.view).not.toHaveProperty("status");
  });

  it("is how much of the limits a message uses that answers it", async () => {
    const { take, get, told, turn } = start();
    take(request("1"));
    await turn();
    const message = (id: string | undefined) => ({
      id: "m",
      content: "hello",
      embeds: [],
      components: [],
      attachments: [],
      ...(id !== undefined && { interaction_metadata: { id } }),
    });
    const tell = (id: string | undefined) => take({ type: "message", message: message(id), isNew: true } as never);
    tell(undefined);
    tell("other");
    await turn();
    expect([told.length, get("1")?.view.limits]).toEqual([1, []]);
    tell("i1");
    await turn();
    expect(told).toHaveLength(2);
    expect(get("1")?.view.limits).not.toEqual([]);
  });

  it("is left alone by what belongs to no request, and by what changes none", async () => {
    const { take, told, turn } = start();
    take(request("1"));
    await turn();
    take({ type: "world" });
    take({ type: "rest", exchange: "1" } as never);
    await turn();
    expect(told).toEqual(["1"]);
  });

  it("is replaced by a saved session's, the newest that fit", () => {
    const { take, replace, all } = start(2);
    take(request("1"));
    const views = ["a", "b", "c"].map((id) => begin(request(id), world).view as ExchangeView);
    replace(views);
    expect(all().map(({ view, payload: read, body }) => [view.id, read.token, body])).toEqual([
      ["b", "t1", undefined],
      ["c", "t1", undefined],
    ]);
    all()[0]?.view.logs.push({ at: 1, level: "log", text: "x" });
    expect(views[1]?.logs).toEqual([]);
  });
});

describe("what an interaction costs", () => {
  it("is told by the marks of its requests, also where two overlap", async () => {
    const release = new Map<string, () => void>();
    const { look, ping, playground, rest } = startPlayground(
      async (request) => {
        await new Promise<void>((resolve) => release.set(request.headers.get("X-Sandpiper-Exchange") ?? "", resolve));
        return Response.json({ type: 4, data: { content: "hi" } });
      },
      undefined,
      { isMarked: true },
    );
    const stream = await look(ada);
    const [{ body: first }, { body: second }] = [await ping(), await ping()];
    playground.takeRedis(redis(second.exchange, "b"));
    playground.takeRedis(redis(first.exchange, "a"));
    playground.takeRedis(redis(undefined, "of no exchange"));
    await rest("GET", "/users/@me", undefined, { "X-Sandpiper-Exchange": first.exchange });
    expect(playground.takeLine(`⟦${second.exchange}⟧ {"level":"warn","event":"slow"}`)).toBe(
      '{"level":"warn","event":"slow"}',
    );
    playground.takeLine("  at src/bot/poll.ts");
    expect(playground.takeLine("[wrangler:info] POST /interactions")).toBe("[wrangler:info] POST /interactions");
    for (const one of release.values()) one();
    const ended = (id: string) =>
      stream.until("exchange", ({ exchange }) => exchange.id === id && exchange.status === 200);
    expect((await ended(first.exchange)).exchange).toMatchObject({
      isCertain: true,
      redis: [{ commands: ["GET a", `EVAL ${"x".repeat(120)}… 0`], billed: 3, isBehind: false }],
      rest: [{ method: "GET", path: "/users/@me", status: 200, isBehind: false }],
      logs: [],
    });
    expect((await ended(second.exchange)).exchange).toMatchObject({
      isCertain: true,
      redis: [{ commands: ["GET b", expect.any(String)] }],
      rest: [],
      logs: [
        { level: "warn", text: '{"level":"warn","event":"slow"}' },
        { level: "warn", text: "  at src/bot/poll.ts" },
      ],
    });
  });

  it("is told by time for another Worker, and says so where interactions overlap", async () => {
    const releases: (() => void)[] = [];
    const { look, ping, playground } = startPlayground(async () => {
      await new Promise<void>((resolve) => releases.push(resolve));
      return Response.json({ type: 4, data: { content: "hi" } });
    });
    const stream = await look(ada);
    const { body: first } = await ping();
    await new Promise((resolve) => setTimeout(resolve, 5));
    playground.takeRedis(redis(undefined, "a"));
    await stream.until("exchange", ({ exchange }) => exchange.redis.length === 1 && exchange.isCertain);
    const { body: second } = await ping();
    await new Promise((resolve) => setTimeout(resolve, 5));
    playground.takeRedis(redis(undefined, "b"));
    const { exchange } = await stream.until(
      "exchange",
      (event) => event.exchange.id === second.exchange && event.exchange.redis.length === 1,
    );
    expect(exchange.isCertain).toBe(false);
    expect(first.exchange).not.toBe(second.exchange);
    for (const release of releases) release();
  });

  it("finds a REST call by the interaction's token, and what happens behind the answer", async () => {
    let token = "";
    const { look, ping, rest } = startPlayground((_, body) => {
      token = body.token;
      return Response.json({ type: 5 });
    });
    const stream = await look(ada);
    const { body } = await ping();
    await stream.until("pending", (event) => event.pending.state === "thinking");
    await rest("PATCH", `/webhooks/1100000000000000001/${token}/messages/@original`, { content: "done" });
    const { exchange } = await stream.until("exchange", (event) => event.exchange.rest.length > 0);
    expect(exchange).toMatchObject({ id: body.exchange, rest: [{ method: "PATCH", status: 200, isBehind: true }] });
  });
});

it("keeps the last 200 exchanges", async () => {
  const { ping, look, api } = startPlayground(says("hello"));
  const { body } = await ping();
  for (let sent = 0; sent < 200; sent++) await ping();
  const stream = await look(ada);
  await stream.until("exchange", () => stream.of("exchange").length === 200);
  expect((await api("GET", `/exchanges/${body.exchange}`)).status).toBe(404);
});
