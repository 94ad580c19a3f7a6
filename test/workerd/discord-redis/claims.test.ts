import { describe, expect, it } from "vitest";
import { createStores } from "./support.ts";

const answer = { type: 4, data: { content: "done" } };

describe("the answer store", () => {
  it("a claim and an answer cost 1 command in 1 request each", async () => {
    const { database, answers } = createStores();
    const store = answers();
    expect(await database.cost(() => store.claim("1"))).toEqual({ requests: 1, SET: 1 });
    expect(await database.cost(() => store.keep("1", answer))).toEqual({ requests: 1, SET: 1 });
    expect(await database.cost(() => store.claim("1"))).toEqual({ requests: 1, SET: 1 });
  });

  it("keeps claim and answer of an interaction for 20 minutes", async () => {
    const { database, answers } = createStores();
    const store = answers();
    for (const step of [() => store.claim("1"), () => store.keep("1", answer)]) {
      await step();
      const ttl = Number(await database.raw("PTTL", "t:i:1"));
      expect(ttl).toBeGreaterThan(19 * 60_000);
      expect(ttl).toBeLessThanOrEqual(20 * 60_000);
    }
  });

  it("keeps a sentence in place of an answer whose files are too large", async () => {
    const store = createStores().answers();
    await store.claim("1");
    const files = [{ name: "large.bin", data: new Uint8Array(400 * 1024) }];
    await store.keep("1", { type: 4, data: { content: "large", files } });
    expect(await store.claim("1")).toMatchObject({
      state: "answered",
      answer: { data: { content: expect.stringContaining("too large to keep"), flags: 64 } },
    });
  });

  it.each([
    [512 * 1_024, "xx"],
    [512 * 1_024 + 1, "This was answered already, with files that were too large to keep."],
  ])("keeps an answer of %i characters as %s", async (characters, beginning) => {
    const store = createStores().answers();
    await store.claim("1");
    const envelope = '{"type":7,"data":{"content":""}}'.length;
    await store.keep("1", { type: 7, data: { content: "x".repeat(characters - envelope) } });
    const claimed = await store.claim("1");
    expect(claimed).toMatchObject({ answer: { type: beginning === "xx" ? 7 : 4 } });
    expect(JSON.stringify(claimed)).toContain(`"content":"${beginning}`);
  });

  it("keeps an answer whose files have 300 KiB, whole", async () => {
    const store = createStores().answers();
    await store.claim("1");
    const data = new Uint8Array(300 * 1_024).fill(7);
    await store.keep("1", { type: 4, data: { content: "large", files: [{ name: "large.bin", data }] } });
    expect(await store.claim("1")).toMatchObject({ answer: { data: { content: "large", files: [{ data }] } } });
  });

  it.each(["", "{", "null", "[]", "7", '"x"', "{}", '{"type":"4"}', '{"type":4,"data":7}', '{"type":4,"files":[{}]}'])(
    "rejects a claim when the stored answer reads %j",
    async (text) => {
      const { database, answers } = createStores();
      await database.raw("SET", "t:i:1", text);
      await expect(answers().claim("1")).rejects.toThrow();
      expect(await database.raw("GET", "t:i:1")).toBe(text);
    },
  );

  it.each([
    ["after", { requests: 2, SET: 2 }],
    ["before", { requests: 2, SET: 1 }],
  ] as const)("recognizes its own claim when the reply was lost %s it ran", async (at, cost) => {
    const { database, answers } = createStores();
    const [one, other] = [answers(), answers()];
    await database.break({ at, do: "drop", times: 1, match: "SET" });
    const claim = async () => expect(await one.claim("1")).toEqual({ state: "first" });
    expect(await database.cost(claim)).toEqual(cost);
    expect(await other.claim("1")).toEqual({ state: "running" });
  });

  it("recognizes another's claim when its own reply was lost", async () => {
    const { database, answers } = createStores();
    await answers().claim("1");
    await database.break({ at: "after", do: "drop", times: 1, match: "SET" });
    expect(await answers().claim("1")).toEqual({ state: "running" });
  });
});

describe("the event store", () => {
  it("a claim of an event costs 1 command in 1 request, and lives 30 minutes", async () => {
    const { database, events } = createStores();
    const store = events();
    expect(await database.cost(() => store.claim("a"))).toEqual({ requests: 1, SET: 1 });
    const ttl = Number(await database.raw("PTTL", "t:e:a"));
    expect(ttl).toBeGreaterThan(29 * 60_000);
    expect(ttl).toBeLessThanOrEqual(30 * 60_000);
  });

  it.each(["after", "before"] as const)(
    "accepts one claim of an event when the reply was lost %s it ran",
    async (at) => {
      const { database, events } = createStores();
      await database.break({ at, do: "drop", times: 1, match: "SET" });
      expect(await events().claim("a")).toBe(true);
      expect(await events().claim("a")).toBe(false);
    },
  );
});
