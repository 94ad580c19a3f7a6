import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { command } from "../../../src/bot/kit.ts";
import { createTestBot } from "../../support/bot.ts";
import { createDatabase } from "../../support/database.ts";
import { envelope, person, slash } from "../../support/payloads.ts";

// Cooldowns through the whole Worker: requests are signed, and every isolate has only Redis in common.

const roast = command({
  name: "roast",
  description: "x",
  cooldown: { limit: 2, seconds: 3_600 },
  load: (_interaction, { redis }) => redis.commands.get<string>("loaded"),
  run: () => "ran",
});

const by = (id: string) => slash("roast", { member: { ...envelope().member, user: { ...person, id } } });

async function createFleet() {
  const database = createDatabase();
  const open = async () => {
    const bot = await createTestBot({ handlers: [roast], database });
    return {
      database,
      use: async (id = person.id) => ((await bot.interact(by(id))).body as { data: { content: string } }).data.content,
    };
  };
  return { database, one: await open(), other: await open() };
}

let logged: string[] = [];
beforeEach(() => {
  logged = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void logged.push(line));
});
afterEach(() => void vi.restoreAllMocks());

it("enforces one cooldown over two isolates, and for each person", async () => {
  const { one, other } = await createFleet();
  const inAnHour = () => Math.ceil(Date.now() / 1_000) + 3_600;
  const before = inAnHour();
  expect([await one.use(), await other.use()]).toEqual(["ran", "ran"]);
  for (const isolate of [one, other, one]) {
    const refusal = await isolate.use();
    expect(refusal).toMatch(/^That was quick\. You can use this again <t:\d+:R>\.$/);
    const at = Number(/<t:(\d+):R>/.exec(refusal)?.[1]);
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(inAnHour());
  }
  expect(await other.use("1100000000000000012")).toBe("ran");
});

it.each([
  ["", 0],
  ["on a machine that is slow, ", 400],
])(
  "%sa cooldown costs 1 command in the round trip of load, 2 in 2 after another isolate, 0 once used up",
  async (_where, ms) => {
    const { database, one, other } = await createFleet();
    await database.slow(ms);
    expect(await database.cost(() => one.use())).toMatchObject({ requests: 1, SET: 1, GET: 1 });
    expect(await database.cost(() => other.use())).toMatchObject({ requests: 2, SET: 2, GET: 1 });
    expect(await database.cost(() => other.use())).toEqual({ requests: 0 });
    expect(await database.cost(() => one.use())).toMatchObject({ requests: 1, SET: 1, GET: 1 });
    expect(await database.cost(() => one.use())).toEqual({ requests: 0 });
  },
);

it("allows exactly as many of thirty uses at once as the limit, over two isolates", async () => {
  const { one, other } = await createFleet();
  const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => (index % 2 ? one : other).use()));
  expect(answers.filter((answer) => answer === "ran")).toHaveLength(2);
});

it("allows uses while the key of a cooldown is of another type, and logs it", async () => {
  const { database, one } = await createFleet();
  await database.raw("RPUSH", `sp:r:/roast:user:${person.id}`, "x");
  expect([await one.use(), await one.use(), await one.use()]).toEqual(["ran", "ran", "ran"]);
  expect(logged).toHaveLength(3);
  expect(logged[0]).toContain("WRONGTYPE");
});

it("allows uses while Redis does not answer, except those whose cooldown the isolate knows", async () => {
  const { database, one } = await createFleet();
  await one.use();
  await one.use();
  await database.break({ at: "before", do: "status", status: 503 });
  expect(await one.use()).toContain("That was quick.");
  const stateless = await createTestBot({
    database,
    handlers: [command({ name: "roast", description: "x", cooldown: { limit: 1, seconds: 60 }, run: () => "ran" })],
  });
  expect((await stateless.interact(slash("roast"))).body).toMatchObject({ data: { content: "ran" } });
});

it("allows a use at once, without “thinking…”, while Redis leaves the question of a cooldown open", async () => {
  const database = createDatabase();
  const handlers = [
    command({ name: "roast", description: "x", cooldown: { limit: 1, seconds: 60 }, run: () => "ran" }),
  ];
  const bot = await createTestBot({ database, handlers });
  await database.break({ at: "before", do: "stall", ms: 5_000 });
  expect((await bot.interact(slash("roast"))).body).toMatchObject({ type: 4, data: { content: "ran" } });
  await database.mend();
});
