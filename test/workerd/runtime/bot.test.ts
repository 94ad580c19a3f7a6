import { afterEach, expect, it, vi } from "vitest";
import { command, component } from "../../../src/bot/kit.ts";
import { createTestBot } from "../../support/bot.ts";
import { createDatabase } from "../../support/database.ts";
import { click, slash, slashWith } from "../../support/payloads.ts";

afterEach(() => void vi.restoreAllMocks());

/** Collects the lines of the log. */
function listen(): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  for (const level of ["debug", "info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(JSON.parse(line)));
  }
  return lines;
}

const description = "x";

it("tells a person whose command failed a reference of eight characters, under which the log has it", async () => {
  const lines = listen();
  const bot = await createTestBot({
    handlers: [
      command({
        name: "fail",
        description,
        run: () => {
          throw new Error("secret detail");
        },
      }),
    ],
    env: { LOG_LEVEL: "info" },
  });
  const { body } = await bot.interact(slash("fail"));
  const { content = "" } = (body as { data?: { content?: string } }).data ?? {};
  const [, reference] = /mention `([0-9a-f]{8})`\.$/.exec(content) ?? [];
  expect(reference).toBeDefined();
  expect(content).not.toContain("secret");
  expect(lines.filter(({ event }) => event === "handler failed")).toEqual([
    expect.objectContaining({ level: "error", reference, error: "secret detail" }),
  ]);
  expect(lines.filter(({ event }) => event === "interaction")).toEqual([
    expect.objectContaining({ level: "warn", command: "/fail", kind: "command", outcome: "failed", reference }),
  ]);
});

it("logs why work behind an answer failed", async () => {
  const lines = listen();
  const handlers = [
    command({
      name: "fail",
      description,
      run: (_, { waitUntil }) => {
        waitUntil(Promise.reject(new TypeError("no such guild")));
        waitUntil(Promise.reject(Object.create(null)));
        return "done";
      },
    }),
  ];
  const bot = await createTestBot({ handlers });
  await bot.interact(slash("fail"));
  expect(lines).toMatchObject([
    { level: "error", event: "background work failed", name: "TypeError", error: "no such guild" },
    { level: "error", event: "background work failed", error: "a value without a text was thrown" },
  ]);
});

it("logs why an interaction reached no handler", async () => {
  const lines = listen();
  const menu = component({ id: "colour/:page<int>", run: () => "a button" });
  const bot = await createTestBot({ handlers: [menu], env: { LOG_LEVEL: "info" } });
  await bot.interact(click("colour/7", { component_type: 3, values: ["red"] }));
  await bot.interact(click("size/secret"));
  await bot.interact(slash("gone"));
  expect(lines.filter(({ event }) => event === "interaction refused")).toMatchObject([
    { level: "warn", reason: expect.stringMatching(/^colour\/:page<int> is declared otherwise: .* names no type$/) },
    { level: "warn", reason: 'no feature brings the component "size"' },
    { level: "warn", reason: 'no feature brings the command "gone"' },
  ]);
});

it("logs what an answer took, each keystroke of a suggestion at the level debug alone", async () => {
  const say = command({
    name: "say",
    description,
    options: [{ type: "string", name: "word", description, autocomplete: (typed) => [typed] }],
    run: () => "said",
  });
  for (const [level, events] of [
    ["info", ["interaction"]],
    ["debug", ["interaction", "interaction"]],
  ] as const) {
    const lines = listen();
    const bot = await createTestBot({ handlers: [say], env: { LOG_LEVEL: level } });
    await bot.interact(slash("say"));
    const typing = { name: "word", type: 3, value: "a", focused: true };
    await bot.interact({ ...slashWith("say", [typing]), type: 4 });
    const shown = lines.filter(({ event }) => event === "interaction");
    expect(shown.map(({ event }) => event)).toEqual(events);
    expect(shown[0]).toMatchObject({ level: "info", outcome: "ok", redisCommands: 0, redisRequests: 0, redisMs: 0 });
    expect(shown[0]).not.toHaveProperty("reference");
    expect(lines.some(({ event }) => event === "stage")).toBe(level === "debug");
    vi.restoreAllMocks();
  }
});

it.each([
  [0.015, 1],
  [0.017, 0],
])("sums what all isolates reported behind one report in 64 (chance %d)", async (chance, sums) => {
  const database = createDatabase();
  const bot = await createTestBot({
    handlers: [
      command({ name: "ask", description, run: async (_, { redis }) => String(await redis.commands.get("a")) }),
    ],
    database,
    clock: { ...database.clock, random: () => chance },
  });
  // The first has nothing to report yet.
  await bot.interact(slash("ask"));
  await bot.interact(slash("ask"));
  expect(await database.raw("EXISTS", "sp:mt:reports", "sp:mt:ledger")).toBe(1 + sums);
});
