import { expect, it } from "vitest";
import { takeCallback } from "../../../../../local/discord/interactions/callback.ts";
import type { InteractionRecord } from "../../../../../local/discord/interactions/record.ts";
import { ada, general, startWorld } from "./support.ts";

const modal = { custom_id: "m", title: "T", components: [{ type: 10, content: "x" }] };
/** A good answer of each type. */
const answers: Record<number, object> = {
  1: { type: 1 },
  4: { type: 4, data: { content: "x" } },
  5: { type: 5 },
  6: { type: 6 },
  7: { type: 7, data: { content: "y" } },
  8: { type: 8, data: { choices: [{ name: "n", value: "v" }] } },
  9: { type: 9, data: modal },
  12: { type: 12 },
};

function start() {
  const { context, clock, world } = startWorld();
  const record = (more: Partial<InteractionRecord> = {}): InteractionRecord => ({
    id: "1",
    token: "t",
    exchange: "e",
    type: 2,
    channelId: general,
    userId: ada,
    owners: undefined,
    isUserInstall: false,
    isQuiet: false,
    focusedType: undefined,
    sentAt: clock.now(),
    answer: { kind: "none" },
    sourceId: undefined,
    trigger: undefined,
    originalId: undefined,
    followUps: [],
    isSubmitted: false,
    isTaken: false,
    changed: new Set(),
    ...more,
  });
  const source = {
    id: "9",
    channel_id: general,
    content: "old",
    author: world.bot,
    components: [],
    embeds: [],
    attachments: [],
  };
  world.messages.set(general, new Map([["9", source as never]]));
  /** Gives an answer: what it becomes, or the fields that Discord refuses. */
  async function take(one: InteractionRecord, answer: object): Promise<unknown> {
    try {
      await takeCallback(context, one, answer);
      return one.answer.kind;
    } catch (error) {
      const { code, fields } = error as { code: number; fields: { path: string; message: string }[] };
      return fields[0] ? `${fields[0].path}: ${fields[0].message}` : code;
    }
  }
  return { context, clock, world, record, take };
}

it.each<[string, Partial<InteractionRecord>, Record<number, string>]>([
  ["a PING", { type: 1 }, { 1: "pong" }],
  ["a command", { type: 2 }, { 4: "message", 5: "deferred", 9: "modal", 12: "activity" }],
  [
    "a component",
    { type: 3, sourceId: "9" },
    { 4: "message", 5: "deferred", 6: "acknowledged", 7: "message", 9: "modal", 12: "activity" },
  ],
  ["a typed option", { type: 4 }, { 8: "choices" }],
  ["a form that a command opened", { type: 5 }, { 4: "message", 5: "deferred", 12: "activity" }],
  [
    "a form that a message opened",
    { type: 5, sourceId: "9" },
    { 4: "message", 5: "deferred", 6: "acknowledged", 7: "message", 12: "activity" },
  ],
])("takes the answers that Discord takes for %s", async (_name, more, kinds) => {
  const { record, take } = start();
  const refusal = `type: Value must be one of {${Object.keys(kinds).join(", ")}}.`;
  for (const [type, answer] of Object.entries(answers))
    expect([type, await take(record(more), answer)]).toEqual([type, kinds[Number(type)] ?? refusal]);
  expect(await take(record(more), {})).toBe("type: This field is required");
  expect(await take(record(more), { type: "4" })).toBe("type: This field is required");
});

it.each<[unknown, string, boolean?]>([
  [undefined, "deferred", false],
  [null, "deferred", false],
  [{}, "deferred", false],
  [{ flags: 0 }, "deferred", false],
  [{ flags: 64 }, "deferred", true],
  [{ flags: 1 }, "data.flags: Invalid message flags."],
  [{ flags: 68 }, "data.flags: Invalid message flags."],
  [5, "data: Only dictionaries may be used in a ModelType"],
])("reads the data %j of a deferral", async (data, kind, isEphemeral) => {
  const { record, take } = start();
  const [open, quiet] = [record(), record({ isQuiet: true })];
  const answer = { type: 5, ...(data !== undefined && { data }) };
  expect([await take(open, answer), await take(quiet, answer)]).toEqual([kind, kind]);
  if (isEphemeral === undefined) return;
  expect([open.answer, quiet.answer]).toEqual([
    { kind, isEphemeral },
    { kind, isEphemeral: true },
  ]);
});

it("refuses choices and forms by their fields, and one without data", async () => {
  const { record, take } = start();
  const typed = record({ type: 4, focusedType: 4 });
  expect(await take(typed, answers[8] ?? {})).toBe('data.choices.0.value: Value "v" is not int.');
  expect(await take(typed, { type: 8 })).toMatch(/^data/);
  expect(await take(record(), { type: 9 })).toBe("data: This field is required");
  expect(await take(record(), { type: 9, data: { ...modal, title: "" } })).toBe("data.title: This field is required");
  expect(await take(record(), { type: 4 })).toBe("data: This field is required");
  const formed = record();
  await take(formed, { type: 9, data: { ...modal, components: [{ type: 10, content: "x" }] } });
  expect(formed.answer).toEqual({
    kind: "modal",
    modal: { ...modal, components: [{ type: 10, content: "x", id: 1 }] },
  });
});

it("takes one answer, within three seconds, also while an answer is read", async () => {
  const { record, take, clock } = start();
  const one = record();
  expect(await Promise.all([take(one, answers[4] ?? {}), take(one, answers[5] ?? {})])).toEqual(["message", 40_060]);
  expect(await take(one, answers[5] ?? {})).toBe(40_060);
  const again = record();
  expect(await take(again, { type: 4 })).toBe("data: This field is required");
  expect(await take(again, answers[4] ?? {})).toBe("message");
  const [late, tooLate] = [record(), record()];
  await clock.advance(2_999);
  expect(await take(late, answers[5] ?? {})).toBe("deferred");
  await clock.advance(1);
  expect(await take(tooLate, answers[5] ?? {})).toBe(10_062);
});

it("shows the message that it makes or changes as the original, and a quiet change as the message it came from", async () => {
  const { record, take, world } = start();
  const [made, changed, quiet] = [
    record(),
    record({ type: 3, sourceId: "9" }),
    record({ type: 3, sourceId: "9" }),
  ] as const;
  for (const [one, type] of [
    [made, 4],
    [changed, 7],
    [quiet, 6],
  ] as const)
    await take(one, answers[type] ?? {});
  expect([changed.originalId, quiet.originalId]).toEqual(["9", "9"]);
  expect(world.messages.get(general)?.get(made.originalId ?? "")).toMatchObject({ content: "x" });
  expect(world.messages.get(general)?.get("9")).toMatchObject({ content: "y" });
  expect(await take(record({ type: 3, sourceId: "8" }), answers[7] ?? {})).toBe(10_008);
});

it("refuses an answer that a channel shows where the interaction names none, and takes others", async () => {
  const { record, take } = start();
  const nowhere = (type: number) => record({ type, channelId: undefined });
  const refusal = expect.stringMatching(/^channel_id: The interaction names no channel/);
  for (const type of [4, 5, 12]) expect(await take(nowhere(2), answers[type] ?? {})).toEqual(refusal);
  for (const type of [6, 7]) expect(await take(nowhere(3), answers[type] ?? {})).toEqual(refusal);
  expect(await take(nowhere(1), answers[1] ?? {})).toBe("pong");
  expect(await take(nowhere(2), answers[9] ?? {})).toBe("modal");
});

it("wakes what waits for an answer", async () => {
  const { record, take } = start();
  const one = record();
  let woken = 0;
  one.changed.add(() => void woken++);
  await take(one, { type: 4 });
  expect(woken).toBe(0);
  await take(one, answers[4] ?? {});
  expect(woken).toBe(1);
});
