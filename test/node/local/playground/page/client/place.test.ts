import { expect, it } from "vitest";
import {
  addressOf,
  findChannel,
  isCategory,
  isVoice,
  readPlace,
  writePlace,
} from "../../../../../../local/playground/page/client/place.ts";

const channel = (id: string, type = 0) => ({ id, type, name: id }) as never;
const harbour = { id: "100", channels: [channel("1", 4), channel("2", 2), channel("3"), channel("4")] };
const world = { guilds: [harbour, { id: "200", channels: [channel("5")] }], directs: [channel("6", 1)] } as never;

it.each([
  ["/", {}],
  ["/?person=7", { person: "7" }],
  ["/channels/100/3", { channel: "3" }],
  ["/channels/@me/6?person=7", { person: "7", channel: "6" }],
  ["/channels/100/x?person=", {}],
  ["/elsewhere/100/3", {}],
])("reads the address %s", (address, place) => {
  expect(readPlace(new URL(address, "http://x.test"))).toEqual(place);
});

it("writes the address of a place, and the query of a request", () => {
  expect(addressOf({}, world)).toBe("/");
  expect(addressOf({ person: "7" }, world)).toBe("/?person=7");
  expect(addressOf({ channel: "5" }, world)).toBe("/channels/200/5");
  expect(addressOf({ channel: "6", person: "7" }, world)).toBe("/channels/@me/6?person=7");
  expect(addressOf({ channel: "5" }, undefined)).toBe("/channels/@me/5");
  expect([writePlace({}), writePlace({ person: "7", channel: "5" }, { before: "9" })]).toEqual([
    "?",
    "?person=7&channel=5&before=9",
  ]);
});

it("finds a channel with its server, else the first for text", () => {
  expect(findChannel(world, { channel: "5" })).toEqual({
    channel: channel("5"),
    guild: { id: "200", channels: [channel("5")] },
  });
  expect(findChannel(world, { channel: "6" })).toEqual({ channel: channel("6", 1) });
  for (const place of [{}, { channel: "9" }])
    expect(findChannel(world, place)).toEqual({ channel: channel("3"), guild: harbour });
  expect(findChannel({ guilds: [], directs: [] } as never, {})).toEqual({});
  expect([
    isCategory(channel("1", 4)),
    isCategory(channel("2", 2)),
    isVoice(channel("2", 2)),
    isVoice(channel("3")),
  ]).toEqual([true, false, true, false]);
});
