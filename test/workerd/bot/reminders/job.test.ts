import { expect, it } from "vitest";
import { deliver, readReminder } from "../../../../src/bot/reminders/job.ts";
import type { Invocation } from "../../../../src/runtime/index.ts";

const lost = "(the text of this reminder cannot be read)";

it.each([
  [
    { about: "tea", channelId: "2", every: "day" },
    { about: "tea", channelId: "2", every: "day" },
  ],
  [{ about: "tea" }, { about: "tea" }],
  [{ about: 7, channelId: 7, every: 7 }, { about: lost }],
  ["text", { about: lost }],
  [null, { about: lost }],
  [undefined, { about: lost }],
])("reads the reminder %j as %j", (data, expected) => {
  expect(readReminder(data)).toEqual(expected);
});

it.each([
  ["x".repeat(1_600), "x".repeat(1_600)],
  ["x".repeat(1_601), `${"x".repeat(1_599)}…`],
])("delivers 1,600 characters at most, with when it was asked for, to the second", async (about, shown) => {
  const sent: { body: { content: string } }[] = [];
  const discord = { sendDirect: async (_owner: string, options: (typeof sent)[number]) => void sent.push(options) };
  const job = { owner: "1", data: { about }, createdAt: 61_999 } as unknown as Parameters<typeof deliver>[0];
  await deliver(job, { discord } as unknown as Invocation, { nonce: "n" } as Parameters<typeof deliver>[2]);
  expect(sent).toEqual([
    {
      body: expect.objectContaining({
        content: `⏰ ${shown}\n-# You asked for this <t:61:R>.`,
        nonce: "n",
        enforce_nonce: true,
      }) as object,
      isRepeatable: true,
      isFresh: true,
    },
  ]);
});
