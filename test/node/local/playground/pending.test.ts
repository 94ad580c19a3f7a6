import { expect, it } from "vitest";
import type { InteractionRecord } from "../../../../local/discord/index.ts";
import { createSeededWorld } from "../../../../local/discord/world/seed.ts";
import type { StreamEvent } from "../../../../local/playground/protocol.ts";
import type { Exchanges } from "../../../../local/playground/server/exchanges.ts";
import { createPending } from "../../../../local/playground/server/pending.ts";
import { createWorldClock } from "../../../../local/playground/server/world-clock.ts";
import { settle } from "../../../support/clock.ts";
import { ada, general, grace, linus, moderators, robin } from "./support.ts";

const people = [ada, grace, linus, robin];
const minuteMs = 60_000;

function start({ cause = "/poll", customId = "vote:1" } = {}) {
  const clock = createWorldClock(() => 1_000_000);
  const told: { event: StreamEvent; to: string[] }[] = [];
  const exchanges = {
    cause: () => (cause === "" ? undefined : { title: cause, exchange: "x" }),
    get: () => ({ view: { title: "/poll question:Lunch?" }, payload: { data: { custom_id: customId } } }),
  } as unknown as Exchanges;
  const pending = createPending({
    world: createSeededWorld(),
    exchanges,
    clock,
    tell: (isSeenBy, event) => void told.push({ event, to: people.filter(isSeenBy) }),
  });
  return {
    ...pending,
    clock,
    told,
    last: () => told.at(-1),
    /** Who sees which states in a channel. */
    seen: (channel = general) =>
      Object.fromEntries(people.map((id) => [id, pending.in(id, channel).map(({ state }) => state)])),
  };
}

let made = 0;
const recordOf = (more: object = {}): InteractionRecord =>
  ({
    id: `interaction-${(made += 1)}`,
    exchange: `e${made}`,
    token: `token-${made}`,
    type: 2,
    userId: ada,
    channelId: general,
    sentAt: 1_000_000,
    answer: { kind: "none" },
    followUps: [],
    ...more,
  }) as unknown as InteractionRecord;

const thinking = (isEphemeral: boolean) => ({ kind: "deferred", isEphemeral });

it("shows a command that is sent to the person alone", () => {
  const { take, told, seen } = start();
  const record = recordOf();
  take(record);
  expect(told).toEqual([
    {
      to: [ada],
      event: {
        type: "pending",
        pending: {
          id: record.exchange,
          channelId: general,
          title: "/poll",
          state: "sending",
          isEphemeral: true,
          person: expect.objectContaining({ id: ada }),
          text: "Sending command…",
          reasons: [],
        },
      },
    },
  ]);
  expect(seen()).toEqual({ [ada]: ["sending"], [grace]: [], [linus]: [], [robin]: [] });
  expect(seen(moderators)[ada]).toEqual([]);
});

it("shows a click below its message, with the button, and no words", () => {
  const { take, last } = start();
  take(recordOf({ type: 3, sourceId: "55" }));
  expect(last()?.event).toMatchObject({ pending: { messageId: "55", customId: "vote:1", text: "" } });
  take(recordOf());
  expect(last()?.event).not.toHaveProperty("pending.customId");
});

it("takes the exchange's title where the cause is not known", () => {
  const { take, last } = start({ cause: "" });
  take(recordOf());
  expect(last()?.event).toMatchObject({ pending: { title: "/poll question:Lunch?" } });
});

it.each([
  ["of an unknown person", { userId: "1" }],
  ["of no person", { userId: undefined }],
  ["in no channel", { channelId: undefined }],
  ["that completes an option", { type: 4 }],
  ["that is a PING", { type: 1 }],
  ["that submits a form, which waits in its own window", { type: 5 }],
])("shows no interaction %s", (_, more) => {
  const { take, told, seen } = start();
  take(recordOf(more));
  expect(told).toEqual([]);
  expect(seen()[ada]).toEqual([]);
});

it("shows all in the channel that the bot thinks, unless it thinks for one alone", () => {
  const { take, last, seen } = start();
  take(recordOf({ answer: thinking(true) }));
  expect(last()?.to).toEqual([ada]);
  take(recordOf({ channelId: moderators, answer: thinking(false) }));
  expect(last()).toMatchObject({
    to: [ada, grace],
    event: { type: "pending", pending: { state: "thinking", isEphemeral: false, text: "sandpiper is thinking…" } },
  });
  expect(seen(moderators)).toEqual({ [ada]: ["thinking"], [grace]: ["thinking"], [linus]: [], [robin]: [] });
});

it("says once that the bot thinks", () => {
  const { take, told } = start();
  const record = recordOf();
  take(record);
  for (const _ of [1, 2]) take({ ...record, answer: thinking(true) } as InteractionRecord);
  expect(told.map(({ event }) => event.type === "pending" && event.pending.state)).toEqual(["sending", "thinking"]);
});

it("takes the line away for those who saw it, once the answer is there", () => {
  const { take, last, seen, told } = start();
  const record = recordOf({ answer: thinking(false) });
  take(record);
  take({ ...record, answer: { kind: "message" } } as InteractionRecord);
  expect(last()).toEqual({ to: people, event: { type: "pending-gone", id: record.exchange } });
  expect(seen()[ada]).toEqual([]);
  take({ ...record, answer: { kind: "message" } } as InteractionRecord);
  expect(told).toHaveLength(2);
});

it("shows the person a form once", () => {
  const { take, told } = start();
  const record = recordOf({ answer: { kind: "modal", modal: { title: "Poll" } } });
  take(record);
  take(record);
  expect(told).toEqual([
    { to: [ada], event: { type: "form", exchange: record.exchange, token: record.token, form: { title: "Poll" } } },
  ]);
});

it.each([
  [2, "The application did not respond"],
  [3, "This interaction failed"],
  [5, "Something went wrong. Try again."],
])("says in Discord's words that an interaction of type %i failed, and why", (type, text) => {
  const { take, end, last } = start();
  const record = recordOf({ type });
  take(record);
  if (type === 5) return expect(end(record.exchange, { problems: ["late"] } as never)).toBeUndefined();
  end(record.exchange, { problems: [] } as never);
  end("unknown", { problems: ["late"] } as never);
  expect(last()?.event).toMatchObject({ pending: { state: "sending" } });
  end(record.exchange, { problems: ["late"] } as never);
  expect(last()).toMatchObject({
    to: [ada],
    event: { pending: { state: "failed", isEphemeral: true, text, reasons: ["late"] } },
  });
});

it("does not call an interaction failed that was answered", () => {
  const { take, end, last } = start();
  const record = recordOf({ answer: thinking(true) });
  take(record);
  end(record.exchange, { problems: ["late"] } as never);
  expect(last()?.event).toMatchObject({ pending: { state: "thinking" } });
});

it("calls a deferred answer failed after 15 minutes, to the person alone, and takes it away for the others", async () => {
  const { take, clock, told, seen } = start();
  take(recordOf({ sentAt: 1_000_000 - minuteMs, answer: thinking(false) }));
  clock.move(14 * minuteMs - 1);
  await settle();
  expect(told).toHaveLength(1);
  clock.move(1);
  await settle();
  expect(told.slice(1)).toMatchObject([
    { to: people, event: { type: "pending-gone" } },
    { to: [ada], event: { pending: { state: "failed", reasons: [expect.stringContaining("within 15 minutes")] } } },
  ]);
  expect(seen()).toEqual({ [ada]: ["failed"], [grace]: [], [linus]: [], [robin]: [] });
});

it("lets a deferred answer be that a message followed", async () => {
  const { take, clock, told } = start();
  const record = { ...recordOf({ answer: thinking(false) }) };
  take(record);
  Object.assign(record, { answer: { kind: "message" } });
  take(record);
  clock.move(20 * minuteMs);
  await settle();
  expect(told).toHaveLength(2);
});

function failing(more: object = {}) {
  const started = start();
  const record = recordOf({ type: 3, sourceId: "55", ...more });
  started.take(record);
  started.end(record.exchange, { problems: ["late"] } as never);
  return { ...started, record };
}

it("takes a failure away at the next attempt on the same message", () => {
  const { take, seen, told, record } = failing();
  const next = recordOf({ type: 3, sourceId: "55" });
  take(next);
  expect(seen()[ada]).toEqual(["sending"]);
  expect(told.at(-2)).toEqual({ to: [ada], event: { type: "pending-gone", id: record.exchange } });
});

it.each([
  ["another message", { type: 3, sourceId: "56" }],
  ["another person", { type: 3, sourceId: "55", userId: linus }],
  ["a command", { type: 2 }],
])("leaves a failure at an attempt of %s", (_, more) => {
  const { take, in: inChannel, record } = failing();
  take(recordOf(more));
  expect(inChannel(ada, general).some(({ id, state }) => id === record.exchange && state === "failed")).toBe(true);
});

it("leaves what is still being sent at the next attempt", () => {
  const { take, seen } = start();
  for (const _ of [1, 2]) take(recordOf({ type: 3, sourceId: "55" }));
  expect(seen()[ada]).toEqual(["sending", "sending"]);
});

it("has a failure dismissed by the person alone", () => {
  const { dismiss, seen, last, record, take } = failing();
  expect([dismiss(linus, record.exchange), dismiss(ada, "unknown")]).toEqual([false, false]);
  expect(dismiss(ada, record.exchange)).toBe(true);
  expect(last()).toEqual({ to: [ada], event: { type: "pending-gone", id: record.exchange } });
  expect(seen()[ada]).toEqual([]);
  const sending = recordOf();
  take(sending);
  expect(dismiss(ada, sending.exchange)).toBe(false);
});
