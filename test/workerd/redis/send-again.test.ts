import { expect, it } from "vitest";
import {
  createConnection,
  createRedisState,
  RedisUnknownOutcomeError,
  sendAgainIfUnknown,
} from "../../../src/redis/index.ts";
import { createDatabase } from "../../support/database.ts";

function open() {
  const database = createDatabase();
  const { commands } = createConnection({ ...database, state: createRedisState() });
  return { database, commands };
}

it("sends a write once when its reply arrives", async () => {
  const { database, commands } = open();
  const cost = await database.cost(async () => expect(await sendAgainIfUnknown(() => commands.incr("k"))).toBe(1));
  expect(cost).toEqual({ requests: 1, INCR: 1 });
});

it.each(["before", "after"] as const)(
  "sends a write again when its reply is lost %s it ran, and says so",
  async (at) => {
    const { database, commands } = open();
    await database.raw("SET", "k", "v");
    await database.break({ at, do: "drop", times: 1 });
    const calls: boolean[] = [];
    const isRemoved = await sendAgainIfUnknown(async (isAgain) => {
      calls.push(isAgain);
      return (await commands.unlink("k")) === 1 || isAgain;
    });
    expect([isRemoved, calls, await database.raw("EXISTS", "k")]).toEqual([true, [false, true], 0]);
  },
);

it("throws the second unknown outcome", async () => {
  const { database, commands } = open();
  await database.break({ at: "after", do: "drop", times: 2 });
  await expect(sendAgainIfUnknown(() => commands.incr("k"))).rejects.toThrow(RedisUnknownOutcomeError);
  expect(await database.raw("GET", "k")).toBe("2");
});

it("throws any other error without sending again", async () => {
  const { database, commands } = open();
  await database.raw("SET", "k", "text");
  const cost = await database.cost(() =>
    expect(sendAgainIfUnknown(() => commands.incr("k"))).rejects.toMatchObject({ code: "E_REDIS_REPLY" }),
  );
  expect(cost["requests"]).toBe(1);
});
