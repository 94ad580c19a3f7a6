import { expect, it } from "vitest";
import { BaseInteraction } from "../../../../src/discord/interaction/base.ts";
import { person, slash } from "../../../support/payloads.ts";

const now = Date.parse("2026-06-01T12:00:00Z");
const interaction = (more: object) => new BaseInteraction(slash("a", more) as never, { now: () => now });
const at = (ms: number) => new Date(now + ms).toISOString();

it.each([
  [{}, true],
  [{ sku_id: "8" }, false],
  [{ deleted: true }, false],
  [{ consumed: true }, false],
  [{ consumed: false }, true],
  [{ starts_at: at(0) }, true],
  [{ starts_at: at(1) }, false],
  [{ ends_at: at(1) }, true],
  [{ ends_at: at(0) }, false],
  [{ starts_at: null, ends_at: null }, true],
  [{ starts_at: at(-5), ends_at: at(5) }, true],
])("counts a purchase while it lasts: %j, %s", (entitlement, expected) => {
  const entitlements = [{ id: "1", sku_id: "7", deleted: false, ...entitlement }];
  expect(interaction({ entitlements }).isEntitled("7")).toBe(expected);
  expect(interaction({ entitlements: [] }).isEntitled("7")).toBe(false);
});

it("names the channel by the object, else by the id beside it", () => {
  expect(interaction({ channel: { id: "7" }, channel_id: "8" }).channelId).toBe("7");
  expect(interaction({ channel: undefined, channel_id: "8" }).channelId).toBe("8");
  expect(interaction({ channel: undefined, channel_id: undefined }).channelId).toBeUndefined();
});

it("names the person by the member in a server, and by the user elsewhere", () => {
  expect(interaction({}).user).toEqual(person);
  const other = { ...person, id: "9" };
  expect(interaction({ member: undefined, user: other, guild_id: undefined })).toMatchObject({
    user: other,
    member: undefined,
    guildId: undefined,
    locale: "en-US",
  });
});
