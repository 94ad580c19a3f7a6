import { describe, expect, it } from "vitest";
import { ada, general, says, startPlayground } from "./support.ts";

describe("sending again", () => {
  it("sends the same request with the same id, another, an edited body, and twenty at once", async () => {
    const ids: string[] = [];
    const { ping, api, look } = startPlayground((_, body) => {
      ids.push(body.id);
      return Response.json({ type: 4, data: { content: body["note"] ?? "hi" } });
    });
    const stream = await look(ada);
    const { body } = await ping();
    await stream.until("message");
    const again = (what: unknown) => api("POST", `/exchanges/${body.exchange}/again`, what);
    const same = await again({ how: "same-id" });
    expect(same.body.exchanges).toHaveLength(1);
    expect(same.body.exchanges).not.toContain(body.exchange);
    const { exchange } = await stream.until("exchange", (event) => event.exchange.id === same.body.exchanges[0]);
    const edited = { ...JSON.parse(exchange.request.body), note: "edited" };
    await again({ how: "new-id", body: JSON.stringify(edited) });
    await stream.until("message", (event) => event.view.message.content === "edited");
    expect((await again({ how: "times-20" })).body.exchanges).toHaveLength(20);
    await stream.until("message", () => stream.of("message").length === 23);
    expect(ids.slice(0, 2)).toEqual([ids[0], ids[0]]);
    expect(new Set(ids).size).toBe(22);
  });

  it("expects 401 to a bad signature and to a stale timestamp", async () => {
    let answer = 401;
    const seen: number[] = [];
    const { ping, api, look } = startPlayground((request) => {
      seen.push(Number(request.headers.get("X-Signature-Timestamp")));
      return seen.length === 1
        ? Response.json({ type: 4, data: { content: "hi" } })
        : new Response("", { status: answer });
    });
    const stream = await look(ada);
    const { body } = await ping();
    await stream.until("message");
    const send = async (how: string) => {
      const { body: sent } = await api("POST", `/exchanges/${body.exchange}/again`, { how });
      const { exchange } = await stream.until(
        "exchange",
        (event) => event.exchange.id === sent.exchanges[0] && event.exchange.ms !== undefined,
      );
      return exchange;
    };
    expect(await send("bad-signature")).toMatchObject({ status: 401, problems: [] });
    answer = 200;
    await send("stale-timestamp");
    await stream.until("exchange", (event) => event.exchange.problems.length > 0);
    expect((seen[2] ?? 0) - (seen[0] ?? 0)).toBeLessThan(-590);
    const last = stream.of("exchange").at(-1)?.exchange.problems;
    expect(last).toEqual(["The Worker answered HTTP 200 to a signature that is ten minutes old; Discord expects 401."]);
    expect(stream.of("pending").every((event) => event.pending.state !== "failed")).toBe(true);
  });

  it.each<unknown>([
    { how: "twice" },
    { how: "same-id", body: "{" },
    { how: "new-id", body: "[]" },
    { how: "new-id", body: "null" },
    { how: "same-id", body: '{"id":5}' },
    { how: "same-id", body: '{"token":{}}' },
  ])("is refused in a sentence: %j", async (what) => {
    const { ping, api } = startPlayground(says("hello"));
    const { body } = await ping();
    expect(await api("POST", `/exchanges/${body.exchange}/again`, what)).toMatchObject({
      status: 400,
      body: { error: expect.any(String) },
    });
    expect((await api("POST", "/exchanges/nope/again", { how: "new-id" })).status).toBe(404);
  });

  it("sends the whole of a request that the page holds in part", async () => {
    const sizes: number[] = [];
    const { ping, api, look } = startPlayground((_, body) => {
      sizes.push(typeof body["note"] === "string" ? body["note"].length : 0);
      return Response.json({ type: 4, data: { content: "x".repeat(sizes.length) } });
    });
    const stream = await look(ada);
    const { body } = await ping();
    const { exchange } = await stream.until("exchange", (event) => event.exchange.status === 200);
    const long = JSON.stringify({ ...JSON.parse(exchange.request.body), note: "n".repeat(300_000) });
    const { body: sent } = await api("POST", `/exchanges/${body.exchange}/again`, { how: "new-id", body: long });
    const cut = await stream.until("exchange", (event) => event.exchange.id === sent.exchanges[0]);
    expect(cut.exchange.request.cutFrom).toBeGreaterThan(300_000);
    expect(cut.exchange.request.body).toHaveLength(262_144);
    expect((await api("POST", `/exchanges/${sent.exchanges[0]}/again`, { how: "new-id" })).status).toBe(200);
    await stream.until("message", ({ view }) => view.message.content === "xxx");
    expect(sizes).toEqual([0, 300_000, 300_000]);
  });

  it.each([[undefined], ["nowhere"], ["1100000000000000999"]])(
    "posts no answer to an edited body without a channel of the world: %s",
    async (channel_id) => {
      const { ping, api, look, simulator } = startPlayground(says("hello"));
      const stream = await look(ada);
      const { body } = await ping();
      await stream.until("message");
      const { exchange } = await stream.until("exchange");
      const edited = JSON.stringify({ ...JSON.parse(exchange.request.body), channel_id });
      const { body: sent } = await api("POST", `/exchanges/${body.exchange}/again`, { how: "new-id", body: edited });
      const refused = await stream.until(
        "exchange",
        (event) => event.exchange.id === sent.exchanges[0] && event.exchange.problems.length > 0,
      );
      expect(refused.exchange.problems).toEqual([
        "Discord would refuse the answer: 10003 Unknown Channel: channel_id: The interaction names no channel of this world, so its answer has no place. (UNKNOWN_CHANNEL)",
      ]);
      expect([...simulator.world.messages].flatMap(([id, all]) => (all.size > 0 ? [id] : []))).toEqual([general]);
    },
  );

  it.each<string>([
    '{"type":2,"data":{"options":5}}',
    '{"type":2,"data":{"options":[null,{"options":{}}]},"member":{"user":5,"permissions":"x"}}',
    '{"type":3,"message":{"components":[[null]]},"data":{"custom_id":{}}}',
    '{"type":5,"data":{"components":"all"},"channel_id":"nowhere"}',
    '{"type":"2","user":{"id":"<script>"}}',
    '{"authorizing_integration_owners":null,"data":null}',
  ])("survives an edited body: %s", async (edited) => {
    const { ping, api, look } = startPlayground(says("hello"));
    const { body } = await ping();
    const { status, body: sent } = await api("POST", `/exchanges/${body.exchange}/again`, {
      how: "new-id",
      body: edited,
    });
    expect(status).toBe(200);
    const stream = await look(ada);
    await stream.until("exchange", (event) => event.exchange.id === sent.exchanges[0]);
    await ping();
    await stream.until("message");
  });
});
