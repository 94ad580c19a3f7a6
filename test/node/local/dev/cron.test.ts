import { createServer } from "node:http";
import { afterEach, expect, it, vi } from "vitest";
import { fireCron, startCron } from "../../../../local/dev/cron.ts";

afterEach(() => void vi.useRealTimers());

/** Runs real turns of the event loop while the clock does not move. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

it("fires the cron at once and at every full minute until it is stopped, and reports a refusal", async () => {
  const seen: string[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    seen.push(request.url ?? "");
    response.writeHead(status).end();
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  vi.useFakeTimers({ now: 30_000, toFake: ["setTimeout", "clearTimeout", "Date"] });
  const problems: string[] = [];
  const stop = startCron(`http://127.0.0.1:${port}`, (reason) => problems.push(reason));
  const tick = (at: number) => `/cdn-cgi/local/scheduled?cron=*+*+*+*+*&time=${at}`;
  await until(() => seen.length === 1);
  vi.advanceTimersByTime(29_999);
  expect(seen).toEqual([tick(30_000)]);
  vi.advanceTimersByTime(1);
  await until(() => seen.length === 2);
  expect(seen).toEqual([tick(30_000), tick(60_000)]);
  status = 500;
  await until(() => {
    vi.advanceTimersByTime(60_000);
    return problems.length > 0;
  });
  expect(problems[0]).toBe("the tick was answered with HTTP 500");
  stop();
  // A request that was already sent still arrives.
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  const { length } = seen;
  vi.advanceTimersByTime(600_000);
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toHaveLength(length);
  server.close();
});

it("tells why a tick failed, and nothing of one that it ended itself", async () => {
  const problems: string[] = [];
  const fire = (signal?: AbortSignal) => fireCron("http://127.0.0.1:1", 5, (reason) => problems.push(reason), signal);
  await fire();
  await fire(new AbortController().signal);
  expect(problems).toEqual(["the tick failed: fetch failed", "the tick failed: fetch failed"]);
  await fire(AbortSignal.abort());
  expect(problems).toHaveLength(2);
});
