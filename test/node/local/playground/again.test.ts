import { expect, it } from "vitest";
import type { Simulator } from "../../../../local/discord/index.ts";
import type { Again } from "../../../../local/playground/protocol.ts";
import { sendAgain } from "../../../../local/playground/server/again.ts";
import type { Exchange } from "../../../../local/playground/server/exchanges.ts";

/** Sends an exchange of this kind again. Returns the exchanges that begin, and what was sent. */
function send(again: Again, { kind = "command", body = undefined as string | undefined } = {}) {
  const sent: unknown[] = [];
  const begin = (how: string, what: unknown, to?: string) => {
    sent.push([how, what, ...(to === undefined ? [] : [to])]);
    return { exchange: `e${sent.length}`, ended: Promise.reject(new Error("late")) };
  };
  const simulator = {
    probe: (one: string, how: string, to: string) => begin(how, one, to),
    start: (payload: unknown) => begin("start", payload),
    startEvent: (payload: unknown) => begin("event", payload),
  } as unknown as Simulator;
  const view = { kind, request: { body: '{"id":"1","token":"t","type":2,"cut":true}' } };
  const exchanges = sendAgain(simulator, { view, ...(body !== undefined && { body }) } as Exchange, again);
  return { exchanges, sent };
}

const whole = '{"id":"1","token":"t","type":2}';

it.each<[Again["how"], object]>([
  ["same-id", { id: "1", token: "t", type: 2 }],
  ["new-id", { type: 2 }],
])("sends the whole request again with %s", (how, payload) => {
  expect(send({ how }, { body: whole })).toEqual({ exchanges: ["e1"], sent: [["start", payload]] });
});

it("sends what the page shows of a saved session, and an edited body in its place", () => {
  expect(send({ how: "new-id" }).sent).toEqual([["start", { type: 2, cut: true }]]);
  expect(send({ how: "new-id", body: '{"type":3}' }, { body: whole }).sent).toEqual([["start", { type: 3 }]]);
});

it("sends twenty with IDs of their own", () => {
  const { exchanges, sent } = send({ how: "times-20" }, { body: whole });
  expect(new Set(exchanges).size).toBe(20);
  expect(sent).toEqual(Array.from({ length: 20 }, () => ["start", { type: 2 }]));
});

it.each<Again["how"]>(["bad-signature", "stale-timestamp"])(
  "sends a body with a %s to the address of its kind",
  (how) => {
    expect(send({ how }, { body: "anything" })).toEqual({
      exchanges: ["e1"],
      sent: [[how, "anything", "interactions"]],
    });
    expect(send({ how }, { body: whole, kind: "event" }).sent).toEqual([[how, whole, "events"]]);
  },
);

it("sends the same webhook event, which has no ID", () => {
  for (const how of ["same-id", "new-id"] as const)
    expect(send({ how }, { body: whole, kind: "event" }).sent).toEqual([["event", { id: "1", token: "t", type: 2 }]]);
});

it.each([
  ["{", "The body is not JSON."],
  ["[]", "The body is not a JSON object."],
  ["null", "The body is not a JSON object."],
  ["5", "The body is not a JSON object."],
  ['{"id":5}', '"id" is not a text.'],
  ['{"token":{}}', '"token" is not a text.'],
  ['{"channel_id":null}', '"channel_id" is not a text.'],
])("refuses the body %s", (body, sentence) => {
  expect(() => send({ how: "same-id", body })).toThrow(sentence);
});

it("has no request of a tick of the cron", () => {
  for (const how of ["same-id", "bad-signature"] as const)
    expect(() => send({ how }, { kind: "cron" })).toThrow("A tick of the cron has no request. Fire the cron instead.");
});
