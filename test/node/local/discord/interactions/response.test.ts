import { expect, it } from "vitest";
import type { InteractionRecord } from "../../../../../local/discord/interactions/record.ts";
import { channelOf } from "../../../../../local/discord/interactions/response.ts";

it("answers an interaction in its channel, and refuses one that names none as Discord refuses an unknown channel", () => {
  const record = (channelId?: string) => ({ channelId }) as InteractionRecord;
  expect(channelOf(record("7"))).toBe("7");
  expect(() => channelOf(record())).toThrow(
    expect.objectContaining({ code: 10_003, status: 404, fields: [expect.objectContaining({ path: "channel_id" })] }),
  );
});
