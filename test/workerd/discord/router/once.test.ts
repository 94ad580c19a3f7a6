import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { command } from "../../../../src/bot/kit.ts";
import { createTestBot } from "../../../support/bot.ts";
import { createDatabase } from "../../../support/database.ts";
import { slash } from "../../../support/payloads.ts";

// The same interaction delivered twice: a recorded request that is sent again, or a repetition on the way.

const runs = { count: 0 };
beforeEach(() => void (runs.count = 0));

const pay = command({
  name: "pay",
  description: "Spends something",
  once: true,
  load: async (_interaction, { redis }) => redis.commands.get<string>("balance"),
  run: (_interaction, _services, balance) => `run ${++runs.count}, balance ${balance ?? "none"}`,
});
const file = command({
  name: "file",
  description: "Answers with a file",
  once: true,
  run: () => ({
    content: `run ${++runs.count}`,
    files: [{ name: "a.bin", data: Uint8Array.of(0, 255, 128), type: "x/y" }],
  }),
});

it("returns the first answer to a duplicate delivery, on any isolate", async () => {
  const database = createDatabase();
  const [one, other] = [
    await createTestBot({ handlers: [pay], database }),
    await createTestBot({ handlers: [pay], database }),
  ];
  const payload = slash("pay");
  const first = await one.interact(payload);
  expect(first.body).toMatchObject({ data: { content: "run 1, balance none" } });
  expect(await other.interact(payload)).toEqual(first);
  expect(await one.interact(payload)).toEqual(first);
  expect((await one.interact(slash("pay"))).body).toMatchObject({ data: { content: "run 2, balance none" } });
});

it("claims an interaction in the round trip of load, and keeps the answer in one more", async () => {
  const bot = await createTestBot({ handlers: [pay] });
  expect(await bot.database.cost(() => bot.interact(slash("pay")))).toEqual({ requests: 2, GET: 1, SET: 2 });
  const payload = slash("pay");
  await bot.interact(payload);
  expect(await bot.database.cost(() => bot.interact(payload))).toEqual({ requests: 1, GET: 1, SET: 1 });
});

it("returns the files of the first answer to a duplicate delivery", async () => {
  const bot = await createTestBot({ handlers: [file] });
  const payload = slash("file");
  const read = async () => {
    const form = await (await bot.fetch(await bot.signer.request(payload))).formData();
    return [
      form.get("payload_json"),
      await (form.get("files[0]") as File).bytes(),
      (form.get("files[0]") as File).type,
    ];
  };
  const first = await read();
  expect(first[1]).toEqual(Uint8Array.of(0, 255, 128));
  expect(await read()).toEqual(first);
  expect(runs.count).toBe(1);
});

it("runs a handler once for ten deliveries at once; the others get its answer, or that it is being worked on", async () => {
  const bot = await createTestBot({ handlers: [pay] });
  const payload = slash("pay");
  const answers = await Promise.all(Array.from({ length: 10 }, () => bot.interact(payload)));
  expect(runs.count).toBe(1);
  const contents = answers.map(({ body }) => (body as { data: { content: string } }).data.content);
  expect(contents.every((text) => text.startsWith("run 1") || text === "This is already being worked on.")).toBe(true);
});

it("recognizes its own claim of an interaction when the reply was lost", async () => {
  const bot = await createTestBot({ handlers: [file] });
  await bot.database.break({ at: "after", do: "drop", times: 1, match: "SET" });
  await bot.fetch(await bot.signer.request(slash("file")));
  expect(runs.count).toBe(1);
});

it("claims an interaction again when the claim never arrived", async () => {
  const bot = await createTestBot({ handlers: [file] });
  await bot.database.break({ at: "before", do: "drop", times: 1, match: "SET" });
  await bot.fetch(await bot.signer.request(slash("file")));
  expect(runs.count).toBe(1);
});

it("refuses a handler that runs once while Redis does not answer, and says so", async () => {
  const bot = await createTestBot({ handlers: [pay], env: { UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1" } });
  const { body } = await bot.interact(slash("pay"));
  expect(body).toMatchObject({ data: { flags: 64, content: expect.stringContaining("Nothing was done") } });
  expect(runs.count).toBe(0);
});

it("keeps the first answer, and not the refusal of a duplicate that arrived meanwhile", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const slow = command({ name: "slow", description: "x", once: true, run: () => promise });
  const database = createDatabase();
  const [one, other] = [
    await createTestBot({ handlers: [slow], database }),
    await createTestBot({ handlers: [slow], database }),
  ];
  const payload = slash("slow");
  const first = one.interact(payload);
  while ((await database.raw("DBSIZE")) === 0) await new Promise((wake) => setTimeout(wake, 0));
  const meanwhile = await other.interact(payload);
  expect(meanwhile.body).toMatchObject({ data: { content: "This is already being worked on.", flags: 64 } });
  resolve("done");
  expect((await first).body).toMatchObject({ data: { content: "done" } });
  await other.interact(slash("slow"));
  expect((await other.interact(payload)).body).toMatchObject({ data: { content: "done" } });
});

it("keeps no answer of a delivery that could not be claimed, so that a later delivery runs", async () => {
  const bot = await createTestBot({ handlers: [pay] });
  await bot.database.break({ at: "before", do: "drop", times: 2, match: "SET" });
  const payload = slash("pay");
  expect((await bot.interact(payload)).body).toMatchObject({
    data: { content: expect.stringContaining("Nothing was done") },
  });
  expect(runs.count).toBe(0);
  expect((await bot.interact(payload)).body).toMatchObject({ data: { content: "run 1, balance none" } });
});

it("refuses a delivery whose stored answer is unreadable, and logs it", async () => {
  const logged: string[] = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void logged.push(line));
  onTestFinished(() => void vi.restoreAllMocks());
  const bot = await createTestBot({ handlers: [pay] });
  const payload = slash("pay");
  await bot.database.raw("SET", `sp:i:${payload.id}`, "{");
  expect((await bot.interact(payload)).body).toMatchObject({
    data: { content: expect.stringContaining("Nothing was done") },
  });
  expect([runs.count, logged.length]).toEqual([0, 1]);
});
