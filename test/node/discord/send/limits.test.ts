import { describe, expect, it } from "vitest";
import { createRestState, DiscordRateLimitError } from "../../../../src/discord/index.ts";
import { noteHeaders, noteLimit, remember, takeTurn } from "../../../../src/discord/send/limits.ts";
import { routeOf } from "../../../../src/discord/send/route.ts";
import { createDiscord } from "../../support.ts";

const channel = "/channels/1100000000000000111";

describe("rate limits", () => {
  it("waits before a bucket is empty, so that Discord never answers 429", async () => {
    const { rest, drive, seen, clock } = createDiscord();
    const client = rest();
    const startedAt = clock.now();
    for (let index = 0; index < 25; index++) await drive(client.get("/users/@me"));
    expect(seen).toHaveLength(25);
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(2_000);
  });

  it("shares rate limits with the other invocations of its isolate", async () => {
    const { rest, drive, seen } = createDiscord();
    const state = createRestState();
    for (let index = 0; index < 12; index++) await drive(rest({ state }).get("/users/@me"));
    expect(seen).toHaveLength(12);
  });

  it.each([
    ["the body", 400, { retry_after: 0.4, global: false }, { "Retry-After": "1" }],
    ["the header", 7_000, {}, { "Retry-After": "7" }],
    ["neither", 1_000, {}, {}],
    ["a header that is no number", 1_000, {}, { "Retry-After": "soon" }],
  ])("waits as long as %s of a 429 says, %i ms, and sends the call again", async (_name, ms, body, headers) => {
    const { rest, drive, seen, answers } = createDiscord();
    answers.push(() => Response.json(body, { status: 429, headers }));
    await drive(rest().get("/users/@me"));
    expect(seen.map(({ at }) => at - (seen[0]?.at ?? 0))).toEqual([0, ms]);
  });

  it.each([
    ["in the body", { retry_after: 2, global: true }, {}],
    ["in a header", { retry_after: 2 }, { "X-RateLimit-Global": "true" }],
  ])(
    "holds calls back at a global limit %s, except those with an interaction's token",
    async (_name, body, headers) => {
      const { rest, drive, seen, answers, clock } = createDiscord();
      const state = createRestState();
      answers.push(() => Response.json(body, { status: 429, headers }));
      const startedAt = clock.now();
      const first = rest({ state }).get("/users/@me");
      await expect(rest({ state }).get("/webhooks/1/token/messages/@original")).rejects.toMatchObject({ code: 10_015 });
      expect(clock.now()).toBe(startedAt);
      await drive(Promise.all([first, rest({ state }).get(channel)]));
      expect(seen.map(({ path, at }) => [path, at - startedAt])).toEqual([
        ["/users/@me", 0],
        ["/webhooks/1/token/messages/@original", 0],
        ["/users/@me", 2_000],
        [channel, 2_000],
      ]);
    },
  );

  it("rejects a call at once when the rate limit lasts longer than the call may take", async () => {
    const { rest, seen, answers, clock } = createDiscord();
    answers.push(() => Response.json({ retry_after: 60 }, { status: 429 }));
    const startedAt = clock.now();
    const client = rest({ timeoutMs: 1_000 });
    await expect(client.get("/users/@me")).rejects.toThrow(DiscordRateLimitError);
    await expect(client.get("/users/@me")).rejects.toThrow(/rate limited for another 60000 ms/);
    expect([seen.length, clock.now() - startedAt]).toEqual([1, 0]);
  });

  it("rejects a call after four 429s in a row", async () => {
    const { rest, drive, seen, answers } = createDiscord();
    for (let index = 0; index < 10; index++) answers.push(() => Response.json({ retry_after: 0.1 }, { status: 429 }));
    await expect(drive(rest().get("/users/@me"))).rejects.toMatchObject({ status: 429 });
    expect(seen).toHaveLength(4);
  });
});

describe("what an isolate knows of the limits", () => {
  const route = routeOf("GET", `${channel}/messages`);
  const other = routeOf("GET", "/channels/1100000000000000112/messages");
  const bucket = (remaining: number, resetAfter: number) =>
    new Headers({
      "X-RateLimit-Bucket": "b1",
      "X-RateLimit-Remaining": String(remaining),
      "X-RateLimit-Reset-After": String(resetAfter),
    });

  it("lets as many calls go as are left until the reset, for each channel", () => {
    const state = createRestState();
    noteHeaders(state, route, bucket(2, 1.5), 1_000);
    expect([1, 2, 3].map(() => takeTurn(state, route, true, 1_000))).toEqual([0, 0, 1_500]);
    expect(takeTurn(state, other, true, 1_000)).toBe(0);
    expect([takeTurn(state, route, true, 2_499), takeTurn(state, route, true, 2_500)]).toEqual([1, 0]);
  });

  it.each(["Bucket", "Remaining", "Reset-After"])("learns no limit from an answer without X-RateLimit-%s", (name) => {
    const state = createRestState();
    const headers = bucket(0, 2);
    headers.delete(`X-RateLimit-${name}`);
    noteHeaders(state, route, headers, 1_000);
    expect([1, 2].map(() => takeTurn(state, route, true, 1_000))).toEqual([0, 0]);
  });

  it("takes the smaller number of two answers that overtake each other, and the newer of a later window", () => {
    const state = createRestState();
    noteHeaders(state, route, bucket(0, 2), 1_000);
    noteHeaders(state, route, bucket(1, 1.9), 1_200);
    expect(takeTurn(state, route, true, 1_200)).toBe(1_900);
    noteHeaders(state, route, bucket(1, 2), 3_200);
    expect([takeTurn(state, route, true, 3_200), takeTurn(state, route, true, 3_200)]).toEqual([0, 2_000]);
  });

  it.each([
    [-499, 1_501],
    [499, 2_499],
    [-500, 0],
    [500, 0],
  ])("takes an answer whose reset is %i ms off for one of the same window, or not", (offMs, waitMs) => {
    const state = createRestState();
    noteHeaders(state, route, bucket(0, 2), 1_000);
    noteHeaders(state, route, bucket(5, 2 + offMs / 1_000), 1_000);
    expect(takeTurn(state, route, true, 1_000)).toBe(waitMs);
  });

  it.each([1_300, 1_301])("counts nothing of a short window to the next one, which begins at %i", (now) => {
    const state = createRestState();
    noteHeaders(state, route, bucket(1, 0.3), 1_000);
    expect([takeTurn(state, route, true, 1_000), takeTurn(state, route, true, 1_000)]).toEqual([0, 300]);
    expect(takeTurn(state, route, true, now)).toBe(0);
    noteHeaders(state, route, bucket(1, 0.3), now + 10);
    expect([takeTurn(state, route, true, now + 10), takeTurn(state, route, true, now + 10)]).toEqual([0, 300]);
  });

  it("takes a 429 for a whole number of milliseconds, and a global one only where it says so", () => {
    const state = createRestState();
    expect(noteLimit(state, route, new Headers(), { retry_after: 0.0501 }, 1_000)).toBe(51);
    const scoped = new Headers({ "X-RateLimit-Global": "false" });
    expect(noteLimit(state, route, scoped, { retry_after: 1, global: "yes" }, 1_000)).toBe(1_000);
    expect([takeTurn(state, other, true, 1_000), takeTurn(state, route, true, 1_000)]).toEqual([0, 1_000]);
  });

  it.each([
    [1e9, 3_600_000],
    [1e308, 3_600_000],
    [3_600.1, 3_600_000],
    [-5, 0],
    [-1e308, 0],
  ])("asks again after an hour at most, where a limit is said to last %d s", (seconds, ms) => {
    const state = createRestState();
    expect(noteLimit(state, route, new Headers(), { retry_after: seconds, global: true }, 1_000)).toBe(ms);
    expect(takeTurn(state, other, true, 1_000)).toBe(ms);
    noteHeaders(state, route, bucket(0, seconds), 1_000);
    expect(takeTurn(state, route, false, 1_000)).toBe(ms);
  });

  it("remembers a thousand, and forgets the one that was noted longest ago", () => {
    const map = new Map<string, number>();
    for (let index = 0; index < 1_000; index++) remember(map, `key-${index}`, index);
    expect(map.size).toBe(1_000);
    remember(map, "key-0", 0);
    remember(map, "new", 0);
    expect([map.size, map.has("key-0"), map.has("key-1"), map.has("key-2")]).toEqual([1_000, true, false, true]);
  });

  it("waits for the longer of the global limit and the route's own", () => {
    const state = createRestState();
    noteLimit(state, route, new Headers(), { retry_after: 5, global: true }, 1_000);
    noteLimit(state, route, new Headers(), { retry_after: 1, global: true }, 1_000);
    noteLimit(state, route, new Headers(), { retry_after: 3 }, 1_000);
    expect([takeTurn(state, route, true, 1_000), takeTurn(state, other, true, 1_000)]).toEqual([5_000, 5_000]);
    expect([takeTurn(state, route, false, 1_000), takeTurn(state, other, false, 1_000)]).toEqual([3_000, 0]);
    noteLimit(state, route, new Headers(), { retry_after: 9 }, 1_000);
    expect(takeTurn(state, route, true, 1_000)).toBe(9_000);
  });
});
