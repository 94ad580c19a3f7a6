import { Hono } from "hono";
import { expect, it } from "vitest";
import { type RateLimitOptions, rateLimit } from "../../../../../local/discord/rest/rate-limit.ts";
import { createDiscordClock } from "../support.ts";

function start(options: Partial<RateLimitOptions> = {}) {
  const clock = createDiscordClock();
  const app = new Hono();
  app.use(rateLimit({ clock, ...options }));
  app.all("*", (c) => c.text("ok"));
  const ask = async (path: string, method = "GET") => {
    const response = await app.request(`/api/v10${path}`, { method });
    const headers = Object.fromEntries([...response.headers].filter(([name]) => /rate|retry/i.test(name)));
    return { status: response.status, headers, body: response.status === 429 ? await response.json() : undefined };
  };
  const bucketOf = async (path: string, method?: string) => (await ask(path, method)).headers["x-ratelimit-bucket"];
  return { clock, ask, bucketOf };
}

it("states what is left of a window, and when it ends", async () => {
  const { ask, clock } = start({ limit: 2, windowMs: 4_000 });
  const resetAt = ((clock.now() + 4_000) / 1_000).toFixed(3);
  expect((await ask("/users/1")).headers).toEqual({
    "x-ratelimit-limit": "2",
    "x-ratelimit-remaining": "1",
    "x-ratelimit-reset": resetAt,
    "x-ratelimit-reset-after": "4.000",
    "x-ratelimit-bucket": expect.stringMatching(/^[0-9a-f]{1,32}$/),
  });
  await clock.advance(1_500);
  expect((await ask("/users/1")).headers).toMatchObject({
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset-after": "2.500",
  });
  expect(await ask("/users/1")).toMatchObject({
    status: 429,
    headers: {
      "x-ratelimit-remaining": "0",
      "retry-after": "3",
      "x-ratelimit-scope": "user",
      "x-ratelimit-reset": resetAt,
    },
    body: { message: "You are being rate limited.", retry_after: 2.5, global: false },
  });
  await clock.advance(2_499);
  expect((await ask("/users/1")).status).toBe(429);
  await clock.advance(1);
  expect(await ask("/users/1")).toMatchObject({ status: 200, headers: { "x-ratelimit-remaining": "1" } });
});

it("takes ten requests a second and bucket unless told otherwise", async () => {
  const { ask } = start();
  for (let index = 0; index < 10; index++) expect((await ask("/users/1")).status).toBe(200);
  expect(await ask("/users/1")).toMatchObject({ status: 429, body: { retry_after: 1 } });
});

it("names the wait of the limit over all buckets where that one is hit", async () => {
  const { ask, clock } = start({ globalLimit: 2, windowMs: 10_000 });
  await ask("/users/1");
  await clock.advance(400);
  await ask("/users/2");
  expect(await ask("/users/3")).toMatchObject({
    status: 429,
    headers: { "retry-after": "1", "x-ratelimit-scope": "global", "x-ratelimit-global": "true" },
    body: { retry_after: 0.6, global: true },
  });
  await clock.advance(600);
  expect((await ask("/users/3")).status).toBe(200);
});

it("has a bucket for each method, route and top-level resource", async () => {
  const { bucketOf } = start();
  const first = await bucketOf("/a/1/b/2");
  expect(await bucketOf("/a/1/b/3")).toBe(first);
  const others = [
    await bucketOf("/a/1/b/2", "PUT"),
    await bucketOf("/a/2/b/2"),
    await bucketOf("/b/1/b/2"),
    await bucketOf("/a/1/b/x"),
  ];
  expect(new Set([first, ...others]).size).toBe(5);
  expect(await bucketOf(`/a/1/${"long".repeat(20)}`)).toHaveLength(32);
});
