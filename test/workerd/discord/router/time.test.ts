import { expect, it } from "vitest";
import {
  createKit,
  createRest,
  createRestState,
  createRouter,
  type Declared,
  type Outgoing,
  type RouterServices,
} from "../../../../src/discord/index.ts";
import { createFakeClock, settle } from "../../../support/clock.ts";
import { slash } from "../../../support/payloads.ts";

// One clock moves everything that waits: the deferral, what follows it, the last word, and calls to Discord.

const { command } = createKit<RouterServices>();

function createBot(...handlers: Declared<RouterServices>[]) {
  const clock = createFakeClock(Date.parse("2026-06-01T12:00:00Z"));
  const sent: { at: number; call: string; content: unknown }[] = [];
  const startedAt = clock.now();
  const works: Promise<unknown>[] = [];
  const services: RouterServices = {
    clock,
    waitUntil: (work) => void works.push(work),
    discord: createRest({
      baseUrl: "http://discord.test/api",
      applicationId: "1",
      state: createRestState(),
      clock,
      async fetch(input, init) {
        const { content } = JSON.parse(init?.body as string) as { content: unknown };
        const call = `${init?.method} ${(input as URL).pathname.replace(/token-\d+/, ":token")}`;
        sent.push({ at: clock.now() - startedAt, call, content });
        return Response.json({ id: "1" });
      },
    }),
  };
  const router = createRouter<RouterServices>({ handlers, onError: () => "ref" });
  return {
    clock,
    sent,
    works,
    /** Sends an interaction, and lets it go on until it waits. */
    async ask(payload: object) {
      const seen: { answer?: Outgoing } = {};
      void Promise.resolve(router(payload as never, services)).then((answer) => (seen.answer = answer));
      await settle();
      return seen;
    },
  };
}

it("defers a slow handler after two seconds on the clock, and edits the answer when it is done", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const { clock, sent, ask } = createBot(command({ name: "slow", description: "x", run: () => promise }));
  const seen = await ask(slash("slow"));
  await clock.advance(1_999);
  expect(seen.answer).toBeUndefined();
  await clock.advance(1);
  expect(seen.answer).toEqual({ type: 5 });
  resolve("done");
  await clock.advance(99);
  expect(sent).toEqual([]);
  await clock.advance(1);
  expect(sent).toEqual([{ at: 2_100, call: "PATCH /api/webhooks/1/:token/messages/@original", content: "done" }]);
});

it("tells the person 25 seconds after the deferral that the handler ran out of time", async () => {
  const never = new Promise<string>(() => {});
  const { clock, sent, ask } = createBot(
    command({ name: "stuck", description: "x", ephemeral: true, run: () => never }),
  );
  await ask(slash("stuck"));
  await clock.advance(26_999);
  expect(sent).toEqual([]);
  await clock.advance(1);
  expect(sent).toMatchObject([{ at: 27_000, content: expect.stringContaining("Something went wrong") }]);
});

it("cancels the timer of the deferral when the handler is done in time", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const { clock, works, ask } = createBot(
    command({ name: "waiting", description: "x", run: () => promise }),
    command({ name: "at-once", description: "x", run: async () => "done" }),
  );
  expect(await ask(slash("at-once"))).toMatchObject({ answer: { type: 4 } });
  expect(clock.sleeping()).toBe(0);
  const seen = await ask(slash("waiting"));
  expect(clock.sleeping()).toBe(1);
  resolve("done");
  await settle();
  expect([seen.answer, clock.sleeping()]).toEqual([expect.objectContaining({ type: 4 }), 0]);
  await Promise.all(works);
});

it("measures entitlements by the clock", async () => {
  const entitlement = { sku_id: "7", starts_at: "2026-06-01T12:00:01Z", ends_at: "2026-06-01T12:00:03Z" };
  const golden = command({
    name: "golden",
    description: "x",
    run: (interaction) => (interaction.isEntitled("7") ? "golden" : "plain"),
  });
  const { clock, ask } = createBot(golden);
  const answers: unknown[] = [];
  for (const ms of [0, 1_000, 1_999, 1]) {
    await clock.advance(ms);
    const seen = await ask(slash("golden", { entitlements: [entitlement] }));
    answers.push(seen.answer?.data);
  }
  expect(answers).toMatchObject(["plain", "golden", "golden", "plain"].map((content) => ({ content })));
});
