import { expect, it } from "vitest";
import { startServer } from "../support.ts";

const cancelled = (pending: number, requested: number) =>
  "ERR XReadGroup is cancelled. Pending Entries List limit per consumer is about to be reached. Limit: 1000, " +
  `Current PEL size: ${pending}, Requested Read: ${requested}, Key: s, Group: g, Consumer: c.`;

/** Starts a server with a stream of 1,200 entries, of which the consumer `c` of the group `g` has read 950. */
async function startWithPending() {
  const server = await startServer();
  const add = 'for n = 1, 1200 do redis.call("XADD", KEYS[1], n .. "-0", "f", n) end';
  await server.pipeline(
    ["EVAL", add, 1, "s"],
    ["XGROUP", "CREATE", "s", "g", 0],
    ["XREADGROUP", "GROUP", "g", "c", "COUNT", 950, "STREAMS", "s", ">"],
  );
  return server;
}

it("refuses a read after which a consumer would have more than 1,000 pending messages", async () => {
  const server = await startWithPending();
  const read = (...options: (string | number)[]) =>
    server.command("XREADGROUP", "GROUP", "g", "c", ...options, "STREAMS", "s", ">");
  expect(await read("COUNT", 51)).toEqual({ error: cancelled(950, 51) });
  expect(await read()).toEqual({ error: cancelled(950, 250) });
  expect(await read("COUNT", 50)).toMatchObject({ result: [["s", { length: 50 }]] });
  expect(await read("COUNT", 1)).toEqual({ error: cancelled(1_000, 1) });
  await server.command("XACK", "s", "g", "1-0");
  expect(await read("COUNT", 1)).toEqual({ result: [["s", [["1001-0", ["f", "1001"]]]]] });
});

it("limits the pending messages of each consumer, and not what it reads again or without acknowledgement", async () => {
  const server = await startWithPending();
  const read = (consumer: string, id: string, ...options: string[]) =>
    server.command("XREADGROUP", "GROUP", "g", consumer, "COUNT", "100", ...options, "STREAMS", "s", id);
  expect(await read("c", "0")).toMatchObject({ result: [["s", { length: 100 }]] });
  expect(await read("other", ">")).toMatchObject({ result: [["s", { length: 100 }]] });
  expect(await read("c", ">", "NOACK")).toMatchObject({ result: [["s", { length: 100 }]] });
});

it("answers a read of messages as the engine does, and bills it as one command", async () => {
  const server = await startWithPending();
  const before = server.counters().byCommand;
  const read = (...rest: string[]) => server.command("XREADGROUP", ...rest);
  expect(await read("GROUP", "g", "new", "STREAMS", "none", ">")).toMatchObject({
    error: expect.stringMatching(/^NOGROUP No such key/),
  });
  expect(await read("GROUP", "g", "new", "COUNT", "x", "STREAMS", "s", ">")).toMatchObject({
    error: "ERR value is not an integer or out of range",
  });
  expect(await read("GROUP", "g", "new", "STREAMS", "s")).toMatchObject({ error: expect.stringMatching(/^ERR/) });
  expect(await read("GROUP", "g")).toMatchObject({ error: expect.stringMatching(/^ERR wrong number of arguments/) });
  await server.command("XGROUP", "SETID", "s", "g", "$");
  expect(await read("GROUP", "g", "new", "STREAMS", "s", ">")).toEqual({ result: null });
  const after = server.counters().byCommand;
  expect(after).toEqual({ ...before, XREADGROUP: (before.XREADGROUP ?? 0) + 5, XGROUP: 2 });
});
