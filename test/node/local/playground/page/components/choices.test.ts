import { expect, it } from "vitest";
import {
  channelsOf,
  defaultsOf,
  isSelect,
  personChoice,
  rolesOf,
} from "../../../../../../local/playground/page/components/choices.ts";

const channel = (id: string, type = 0) => ({ id, type, name: `c${id}` }) as never;
const guild = {
  channels: [channel("1"), channel("2", 2)],
  roles: [
    { id: "5", name: "@everyone", color: 0 },
    { id: "6", name: "Sailors", color: 7 },
  ],
} as never;

it("tells menus from other components", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((type) => isSelect({ type }))).toEqual([3, 5, 6, 7, 8]);
});

it("offers the channels of the wanted types, and outside of a server the channel itself", () => {
  const ids = (types?: number[]) => channelsOf(guild, channel("9"), types).map(({ value, label }) => [value, label]);
  expect(ids()).toEqual([
    ["1", "#c1"],
    ["2", "#c2"],
  ]);
  expect([ids([]).length, ids([2]), ids([5])]).toEqual([2, [["2", "#c2"]], []]);
  expect(channelsOf(undefined, channel("9"), undefined)).toEqual([{ value: "9", label: "#c9" }]);
  expect(channelsOf(undefined, undefined, undefined)).toEqual([]);
});

it("offers roles with one @, and people with their user names", () => {
  expect(rolesOf(guild)).toEqual([
    { value: "5", label: "@everyone", colour: 0 },
    { value: "6", label: "@Sailors", colour: 7 },
  ]);
  expect(rolesOf(undefined)).toEqual([]);
  const ada = { id: "1", name: "Ada", username: "ada", avatar: "/a", isBot: false, role: "member" };
  expect(personChoice(ada)).toEqual({ value: "1", label: "Ada", description: "ada", picture: "/a" });
});

it("shows at first the default options, or the default people", () => {
  const options = ["a", "b"].map((value) => ({ value, label: value, default: value === "b" }));
  expect(defaultsOf({ type: 3, custom_id: "m", options })).toEqual(["b"]);
  expect(defaultsOf({ type: 5, custom_id: "m", default_values: [{ id: "9", type: "user" }] })).toEqual(["9"]);
  expect(defaultsOf({ type: 5, custom_id: "m" })).toEqual([]);
});
