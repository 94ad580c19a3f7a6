import { expect, it } from "vitest";
import type { InteractionRecord } from "../../../../../local/discord/interactions/record.ts";
import { channelOf, liveRecord } from "../../../../../local/discord/interactions/response.ts";
import { startWorld } from "./support.ts";

it("answers an interaction in its channel, and refuses one that names none as Discord refuses an unknown channel", () => {
  const record = (channelId?: string) => ({ channelId }) as InteractionRecord;
  expect(channelOf(record("7"))).toBe("7");
  expect(() => channelOf(record())).toThrow(
    expect.objectContaining({ code: 10_003, status: 404, fields: [expect.objectContaining({ path: "channel_id" })] }),
  );
});

it("waits for the answer that a request overtakes, until three seconds after the interaction", async () => {
  const { context, clock } = startWorld();
  const add = (kind: string) => {
    const record = {
      token: kind,
      sentAt: clock.now(),
      answer: { kind },
      changed: new Set(),
    } as never as InteractionRecord;
    context.interactions.set(kind, record);
    return record;
  };
  const open = add("none");
  const told: string[] = [];
  const follow = (name: string) => liveRecord(context, "none").then(() => told.push(name));
  await clock.advance(1_000);
  const [early, late] = [follow("answered"), follow("answered too")];
  await clock.advance(1_999);
  expect(told).toEqual([]);
  for (const wake of open.changed) wake();
  await Promise.all([early, late]);
  expect([told.length, clock.sleeping(), open.changed.size]).toEqual([2, 0, 0]);
  const silent = follow("given up");
  await clock.advance(1);
  await silent;
  expect(clock.now() - open.sentAt).toBe(3_000);
  await follow("late");
  expect(told.slice(2)).toEqual(["given up", "late"]);
  const answered = add("message");
  expect(await liveRecord(context, "message")).toBe(answered);
  expect(clock.sleeping()).toBe(0);
});
