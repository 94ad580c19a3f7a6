import { expect, it } from "vitest";
import { startTown } from "./support.ts";

const town = await startTown();

it("shows the isolate's age, and the address and round trip of Redis", async () => {
  const { raw } = await town.command("/ping");
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
  const sent = () => town.redis.counters().byCommand["PING"] ?? 0;
  await town.pass(1_000);
  const before = sent();
  for (let index = 0; index < 20; index++) await town.command("/ping");
  expect(sent()).toBe(before + 1);
  await town.pass(999);
  await town.command("/ping");
  expect(sent()).toBe(before + 1);
  await town.pass(1);
  await town.command("/ping");
  expect(sent()).toBe(before + 2);
});

it("answers /ping for a user install, in a group and in a direct message", async () => {
  expect((await town.in("dm").command("/ping")).text).toContain("Pong!");
  expect((await town.in("group-dm").command("/ping")).text).toContain("Pong!");
  expect((await town.as("stranger", { channel: "dm" }).command("/ping")).text).toContain("Pong!");
});

it("answers /ping without Redis, and says so", async () => {
  await town.breakRedis({ at: "before", do: "drop" });
  await town.pass(1_000);
  expect((await town.command("/ping")).text).toContain("does not answer");
});
