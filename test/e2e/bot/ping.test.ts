import { expect, it } from "vitest";
import { startSim } from "../../../local/kit/index.ts";

const sim = await startSim();

it("shows the isolate's age, and the address and round trip of Redis", async () => {
  const { raw } = await sim.command("/ping");
  expect(raw.body).toEqual({
    type: 4,
    data: {
      allowed_mentions: { parse: [] },
      content: expect.stringMatching(
        /^\*\*Pong!\*\*\nIsolate `\w{8}` woke up <t:\d{10}:R>\.\nRedis at `127\.0\.0\.1:\d+` answered in \d+ ms\.$/,
      ),
    },
  });
});

it("costs at most one Redis command a second for any number of pings", async () => {
  sim.redis.resetCounters();
  const startedAt = Date.now();
  for (let index = 0; index < 20; index++) await sim.command("/ping");
  expect(sim.redis.counters().byCommand["PING"] ?? 0).toBeLessThanOrEqual(
    1 + Math.ceil((Date.now() - startedAt) / 1_000),
  );
});

it("answers /ping for a user install, in a group and in a direct message", async () => {
  expect((await sim.in("dm").command("/ping")).text).toContain("Pong!");
  expect((await sim.in("group-dm").command("/ping")).text).toContain("Pong!");
  expect((await sim.as("stranger", { channel: "dm" }).command("/ping")).text).toContain("Pong!");
});

it("answers /ping before Discord gives up while Redis stalls, and says so", async () => {
  await sim.breakRedis({ at: "before", do: "stall", ms: 10_000 });
  await expect
    .poll(async () => (await sim.command("/ping")).text, { timeout: 10_000 })
    .toContain("did not answer within 1000 ms");
  await sim.breakRedis();
});

it("answers /ping without Redis, and says so", async () => {
  await sim.redis.close();
  await expect.poll(async () => (await sim.command("/ping")).text, { timeout: 10_000 }).toContain("does not answer");
});
