import { expect, it } from "vitest";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createFakeClock, settle } from "../../support/clock.ts";
import { createDatabase } from "../../support/database.ts";

function setup() {
  const database = createDatabase();
  const clock = createFakeClock();
  const state = createRedisState();
  const connect = () => createConnection({ ...database, state, clock, retries: 0, timeoutMs: 1_000 });
  return { database, clock, state, connect };
}

it("pings at most once in ten seconds for the whole isolate", async () => {
  const { database, clock, connect } = setup();
  const cost = await database.cost(async () => {
    expect(await connect().health()).toMatchObject({ ok: true });
    await clock.advance(9_999);
    expect(await connect().health()).toMatchObject({ ok: true });
  });
  expect(cost).toEqual({ requests: 1, PING: 1 });
  await clock.advance(1);
  expect(await database.cost(() => connect().health())).toEqual({ requests: 1, PING: 1 });
});

it("pings once when many invocations ask at the same time", async () => {
  const { database, clock, connect } = setup();
  await connect().health();
  await clock.advance(10_000);
  const cost = await database.cost(() => Promise.all(Array.from({ length: 20 }, () => connect().health())));
  expect(cost).toEqual({ requests: 1, PING: 1 });
});

it("returns why Redis does not answer", async () => {
  const { database, connect } = setup();
  await database.break({ at: "before", do: "drop", times: 1 });
  expect(await connect().health()).toMatchObject({
    ok: false,
    reason: expect.stringContaining("could not be reached"),
  });
});

it("pings again when the invocation that was asking died", async () => {
  const { clock, state, connect } = setup();
  state.probe = { startedAt: clock.now() };
  expect(await connect().health()).toMatchObject({ ok: false, reason: expect.stringContaining("being asked") });
  await clock.advance(10_000);
  expect(await connect().health()).toMatchObject({ ok: true });
});

it("gives a PING a second, and tells meanwhile what was last known, whatever age is asked for", async () => {
  const clock = createFakeClock();
  const state = createRedisState();
  let answer: (() => void) | undefined;
  const fetch = () =>
    new Promise<Response>((resolve) => {
      answer = () => resolve(Response.json([{ result: "PONG" }]));
    });
  const ask = () =>
    createConnection({ url: "https://redis.test", token: "t", state, clock, fetch, retries: 0 }).health(0);
  const first = ask();
  await settle();
  await clock.advance(40);
  answer?.();
  const known = await first;
  expect(known).toMatchObject({ ok: true, latencyMs: 40 });
  const silent = ask();
  await settle();
  await clock.advance(999);
  expect(await ask()).toEqual(known);
  await clock.advance(1);
  expect(await silent).toMatchObject({ ok: false, reason: "Redis did not answer within 1000 ms" });
});

it("asks again a second after an invocation that died while it asked, whatever age is asked for", async () => {
  const { clock, state, database, connect } = setup();
  state.probe = { startedAt: clock.now() };
  await clock.advance(999);
  expect(await database.cost(() => connect().health(0))).toEqual({ requests: 0 });
  await clock.advance(1);
  expect(await database.cost(() => connect().health(0))).toEqual({ requests: 1, PING: 1 });
});
