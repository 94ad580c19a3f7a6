import { expect, it } from "vitest";
import type { FollowOptions, Pubsub, Step } from "../../../src/pubsub/index.ts";
import { createReader, createTestApp } from "./support.ts";

/** The routes over a bus with these steps, and what the bus was asked. */
function createAppOver(steps: readonly Step[], pace = {}) {
  const asked: { patterns: readonly string[]; options: FollowOptions }[] = [];
  const pubsub = {
    async *steps(patterns: readonly string[], options: FollowOptions) {
      asked.push({ patterns, options });
      yield* steps;
    },
  };
  return { ...createTestApp({ pubsub: () => pubsub as unknown as Pubsub }, pace), asked };
}

it("polls twice a second while events come and every five seconds otherwise, unless the client asks for another pace", async () => {
  const { get, asked } = createAppOver([]);
  for (const query of ["channel=a&channel=b&channel=a", "channel=a&slowMs=1000", "channel=a&slowMs=99999"]) {
    expect((await get(query)).status).toBe(200);
  }
  expect(asked.map(({ patterns, options: { fastMs, slowMs, after } }) => [patterns, fastMs, slowMs, after])).toEqual([
    [["a", "b"], 500, 5_000, undefined],
    [["a"], 500, 1_000, undefined],
    [["a"], 500, 99_999, undefined],
  ]);
  for (const slowMs of ["999", "100000", "1e4", "2000.5", ""]) {
    expect((await get(`channel=a&slowMs=${slowMs}`)).status, slowMs).toBe(400);
  }
});

it("goes on behind the id in the header, or in the query where a client sets no headers", async () => {
  const { get, asked } = createAppOver([]);
  await get("channel=a&lastEventId=5-1");
  await get("channel=a&lastEventId=5-1", { "Last-Event-ID": "7-0" });
  expect(asked.map(({ options }) => options.after)).toEqual(["5-1", "7-0"]);
  expect((await get("channel=a&lastEventId=x")).status).toBe(400);
});

it("tells how many messages a gap has lost, where that is known", async () => {
  const gap = { type: "gap", after: "1-0", before: "9-0" } as const;
  const { get } = createAppOver([{ ...gap, missed: 3 }, gap] as Step[]);
  const reader = createReader(await get("channel=a"));
  expect(await reader.event()).toEqual({ event: "gap", data: { after: "1-0", before: "9-0", missed: 3 } });
  expect(await reader.event()).toEqual({ event: "gap", data: { after: "1-0", before: "9-0", missed: null } });
  expect(await reader.event()).toBeUndefined();
});

it("takes fifty channels, and names of 128 characters", async () => {
  const { get } = createAppOver([]);
  const query = (count: number) => Array.from({ length: count }, (_, index) => `channel=c${index}`).join("&");
  expect([(await get(query(50))).status, (await get(query(51))).status]).toEqual([200, 400]);
  expect((await get(`channel=${"x".repeat(128)}`)).status).toBe(200);
  const long = await get(`channel=a&channel=${"x".repeat(129)}`);
  expect([long.status, await long.json()]).toEqual([400, { error: `"${"x".repeat(129)}" is no channel` }]);
});

it("shows the first forty characters of a number that is not exact", async () => {
  const { post } = createTestApp();
  const digits = "1234567890".repeat(5);
  for (const length of [39, 40, 41, 50]) {
    const response = await post("a", digits.slice(0, length));
    expect(await response.json()).toEqual({
      error: expect.stringMatching(new RegExp(`^${digits.slice(0, Math.min(length, 40))} is not exact`)),
    });
  }
});

it("lets none in by a cookie unless it is told how", async () => {
  const { app } = createTestApp();
  expect((await app.request("/?channel=a", { headers: { Cookie: "__Host-sandpiper=a.b.c" } })).status).toBe(401);
  const open = createTestApp({ isLoggedIn: async (c) => c.req.header("Cookie") === "yes" });
  const ask = async (cookie: string) =>
    (await open.app.request("/a", { method: "POST", body: "1", headers: { Cookie: cookie } })).status;
  expect([await ask("yes"), await ask("no")]).toEqual([202, 401]);
});
