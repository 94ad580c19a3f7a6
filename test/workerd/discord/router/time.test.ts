import { expect, it, vi } from "vitest";
import { createKit, type RouterServices } from "../../../../src/discord/index.ts";
import { settle } from "../../../support/clock.ts";
import { slash } from "../../../support/payloads.ts";
import { createTimedBot } from "./support.ts";

// One clock moves everything that waits: the deferral, what follows it, the last word, and calls to Discord.

const { command } = createKit<RouterServices>();

it("defers a slow handler after two seconds on the clock, and edits the answer when it is done", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const { clock, sent, ask } = createTimedBot([command({ name: "slow", description: "x", run: () => promise })]);
  const seen = await ask(slash("slow"));
  await clock.advance(1_999);
  expect(seen.answer).toBeUndefined();
  await clock.advance(1);
  expect(seen.answer).toEqual({ type: 5 });
  resolve("done");
  await clock.advance(99);
  expect(sent).toEqual([]);
  await clock.advance(1);
  expect(sent).toEqual([
    {
      at: 2_100,
      call: "PATCH /api/webhooks/1/:token/messages/@original",
      body: { content: "done", allowed_mentions: { parse: [] } },
    },
  ]);
});

it("tells the person 25 seconds after the deferral that the handler ran out of time", async () => {
  const never = new Promise<string>(() => {});
  const { clock, sent, ask } = createTimedBot([
    command({ name: "stuck", description: "x", ephemeral: true, run: () => never }),
  ]);
  await ask(slash("stuck"));
  await clock.advance(26_999);
  expect(sent).toEqual([]);
  await clock.advance(1);
  expect(sent).toMatchObject([
    { at: 27_000, body: { content: expect.stringContaining("Something went wrong"), flags: 64 } },
  ]);
});

it("cancels the timer of the deferral when the handler is done in time", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const { clock, works, ask } = createTimedBot([
    command({ name: "waiting", description: "x", run: () => promise }),
    command({ name: "at-once", description: "x", run: async () => "done" }),
  ]);
  expect(await ask(slash("at-once"))).toMatchObject({ answer: { type: 4 } });
  expect(clock.sleeping()).toBe(0);
  const seen = await ask(slash("waiting"));
  expect(clock.sleeping()).toBe(1);
  resolve("done");
  await settle();
  expect([seen.answer, clock.sleeping()]).toEqual([expect.objectContaining({ type: 4 }), 0]);
  await Promise.all(works);
});

it.each([
  [18, 0],
  [19, 1],
])("takes no timer for a handler that is done within %i awaits, or takes one: %i", async (awaits, timers) => {
  const { clock, ask } = createTimedBot([
    command({
      name: "go",
      description: "x",
      async run() {
        for (let turn = 0; turn < awaits; turn++) await Promise.resolve();
        return "done";
      },
    }),
  ]);
  const sleep = vi.spyOn(clock, "sleep");
  expect((await ask(slash("go"))).answer).toMatchObject({ type: 4 });
  expect(sleep).toHaveBeenCalledTimes(timers);
});

it("measures entitlements by the clock", async () => {
  const entitlement = { sku_id: "7", starts_at: "2026-06-01T12:00:01Z", ends_at: "2026-06-01T12:00:03Z" };
  const golden = command({
    name: "golden",
    description: "x",
    run: (interaction) => (interaction.isEntitled("7") ? "golden" : "plain"),
  });
  const { clock, ask } = createTimedBot([golden]);
  const answers: unknown[] = [];
  for (const ms of [0, 1_000, 1_999, 1]) {
    await clock.advance(ms);
    const seen = await ask(slash("golden", { entitlements: [entitlement] }));
    answers.push(seen.answer?.data);
  }
  expect(answers).toMatchObject(["plain", "golden", "golden", "plain"].map((content) => ({ content })));
  for (const other of [{ sku_id: "7", deleted: true }, { sku_id: "8" }])
    expect((await ask(slash("golden", { entitlements: [other] }))).answer).toMatchObject({
      data: { content: "plain" },
    });
  const endless = await ask(slash("golden", { entitlements: [{ sku_id: "7" }] }));
  expect(endless.answer).toMatchObject({ data: { content: "golden" } });
});
