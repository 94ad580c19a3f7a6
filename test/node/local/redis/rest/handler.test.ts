import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, expect, it, vi } from "vitest";
import { createEngine } from "../../../../../local/redis/index.ts";
import { eventually, startServer } from "../support.ts";

vi.mock("node:timers/promises", () => ({ setTimeout: vi.fn() }));

/** The stalls, each of which ends when the test says so. */
const stalls: { ms: number; ref: boolean; signal: AbortSignal; end(): void }[] = [];
beforeEach(() => {
  stalls.length = 0;
  vi.mocked(sleep).mockImplementation((ms = -1, _value, { ref = true, signal } = {}) => {
    const { promise, resolve, reject } = Promise.withResolvers<never>();
    signal?.addEventListener("abort", () => reject(new Error("aborted")));
    stalls.push({ ms, ref, signal: signal as AbortSignal, end: () => resolve(undefined as never) });
    return promise;
  });
});

it("stalls for a second unless told how long, and keeps no process alive for it", async () => {
  const server = await startServer();
  await server.break({ at: "before", do: "stall", times: 1 }, { at: "after", do: "stall", ms: 25 });
  const answer = server.command("INCR", "k");
  expect(await eventually(() => stalls[0])).toMatchObject({ ms: 1_000, ref: false });
  expect(await server.peek("EXISTS", "k")).toBe(0);
  stalls[0]?.end();
  expect(await eventually(() => stalls[1])).toMatchObject({ ms: 25, ref: false });
  expect(await server.peek("EXISTS", "k")).toBe(1);
  stalls[1]?.end();
  expect(await answer).toEqual({ result: 1 });
});

it("ends a stall when the server closes", async () => {
  const server = await startServer();
  server.setFaults([{ at: "before", do: "stall" }]);
  const cut = server.command("PING").catch(() => "cut off");
  const { signal } = await eventually(() => stalls[0]);
  expect(signal.aborted).toBe(false);
  await server.close();
  expect(signal.aborted).toBe(true);
  await cut;
});

it("runs no blocking command for a client that has left before", async () => {
  const events: string[] = [];
  const server = await startServer({ backend: await createEngine(), onRequest: ({ path }) => events.push(path) });
  server.setFaults([{ at: "before", do: "stall", match: "BLPOP" }]);
  const leaving = new AbortController();
  const left = fetch(`${server.url}/blpop/list/0?_token=a-token-for-tests`, { signal: leaving.signal });
  const stall = await eventually(() => stalls[0]);
  leaving.abort();
  await expect(left).rejects.toThrow();
  await eventually(() => events.includes("/blpop/list/0"));
  stall.end();
  for (let round = 0; round < 5; round++) await server.command("PING");
  expect(String((await server.command("INFO", "clients")).result)).toContain("blocked_clients:0");
});

it("applies no fault, also from this process, unless the server was started with them", async () => {
  const server = await startServer({ faults: false });
  server.setFaults([{ at: "before", do: "status" }]);
  expect(await server.command("PING")).toEqual({ result: "PONG" });
});

it("answers 503 to a fault without a status", async () => {
  const server = await startServer();
  server.setFaults([{ at: "before", do: "status" }]);
  expect(await server.post("/", ["PING"])).toMatchObject({
    status: 503,
    json: { error: "ERR this fault was asked for" },
  });
});
