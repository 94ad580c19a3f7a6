import { expect, it } from "vitest";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { counting, readCounted } from "../../../src/redis/meter.ts";
import { partsOf } from "../../support/connection.ts";
import { createDatabase } from "../../support/database.ts";

function open() {
  const database = createDatabase();
  const billed: Record<string, number> = {};
  const connection = createConnection({
    url: database.url,
    token: database.token,
    state: createRedisState(),
    timeoutMs: 5_000,
    cause: "usual",
    meter: {
      billed: (cause, commands) => void (billed[cause] = (billed[cause] ?? 0) + commands),
      answered: () => void (billed["answers"] = (billed["answers"] ?? 0) + 1),
    },
  });
  return { database, billed, ...partsOf(connection) };
}

const loop = `for at = 1, tonumber(ARGV[1]) do redis.call("INCR", KEYS[1]) end
return redis.call("GET", KEYS[1])`;

it("bills commands to their causes, scripts with each of their calls, as the server counts them", async () => {
  const { database, billed, commands, billedTo } = open();
  const bus = billedTo("bus").commands;
  const results = await Promise.all([
    commands.set("a", "1"),
    bus.get("a"),
    bus.eval(loop, ["n"], [5]),
    bus.evalRo("return redis.call('GET', KEYS[1])", ["n"], []),
    commands.multi().incr("m").incr("m").exec(),
  ]);
  expect(results).toEqual(["OK", "1", "5", "5", [1, 2]]);
  expect(billed).toEqual({ usual: 3, bus: 10, answers: 2 });
  expect((await database.counters()).commands).toBe(13);
});

it("replies from a counted script what the script replies", async () => {
  const { commands } = open();
  const reply = (script: string) => commands.eval(script, ["k"], ["x"]);
  expect(await reply("return nil")).toBeNull();
  expect(await reply("return false")).toBeNull();
  expect(await reply("return true")).toBe(1);
  expect(await reply("return {1, 'two', {3}}")).toEqual([1, "two", [3]]);
  expect(await reply("return redis.status_reply('FINE')")).toBe("FINE");
  expect(await reply("return redis.sha1hex('')")).toBe("da39a3ee5e6b4b0d3255bfef95601890afd80709");
  expect(await reply("return redis.pcall('GET', KEYS[1])")).toBeNull();
  expect(await reply("local own = ARGV[1] -- a comment at the end\nreturn own -- here")).toBe("x");
  await expect(reply("return redis.error_reply('MINE no')")).rejects.toThrow("MINE no");
  await expect(reply("return redis.call('NOSUCH')")).rejects.toThrow();
  await expect(reply("return (")).rejects.toThrow();
});

it.each<[unknown, number, unknown]>([
  [["calls:", 2, ["x"]], 2, ["x"]],
  [["calls:", 0], 0, null],
  [["calls:", "2", "x"], 0, ["calls:", "2", "x"]],
  [["other", 2, "x"], 0, ["other", 2, "x"]],
  [[], 0, []],
  ["calls:", 0, "calls:"],
  [7, 0, 7],
  [null, 0, null],
])("reads, in the reply %j, %i calls and %j", (given, calls, reply) => {
  expect(readCounted(given)).toEqual({ calls, reply });
});

it("leaves a script of another engine as it is", () => {
  const script = "#!lua name=mine\nreturn 1";
  expect(counting(script)).toBe(script);
  expect(counting("return 1 --#!")).toMatch(/^local calls/);
});

it("bills a request whose reply was lost, and none that was refused before it ran", async () => {
  const { database, billed, commands } = open();
  await database.break({ at: "after", do: "drop", match: "INCR", times: 1 });
  await expect(commands.incr("n")).rejects.toThrow();
  expect(billed).toEqual({ usual: 1 });
  await database.break({ at: "before", do: "status", status: 401 });
  await expect(commands.incr("n")).rejects.toThrow();
  expect(billed).toEqual({ usual: 1 });
});
