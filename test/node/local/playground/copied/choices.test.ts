import { expect, it } from "vitest";
import { createSeededWorld } from "../../../../../local/discord/world/seed.ts";
import {
  chosenIn,
  enteredIn,
  labelsOf,
  partsIn,
  textIn,
} from "../../../../../local/playground/server/copied/choices.ts";
import { channelName, personName } from "../../../../../local/playground/server/copied/names.ts";
import type { Payload } from "../../../../../local/playground/server/payload.ts";
import { ada, general } from "../support.ts";

it("finds all parts of a tree: in rows, labels and beside sections", () => {
  const tree = [
    { id: 1, components: [{ id: 2 }, { id: 3, accessory: { id: 4 } }] },
    { id: 5, component: { id: 6 } },
    null,
    "text",
    [[{ id: 7 }]],
  ];
  expect(partsIn(tree).map((part) => part["id"])).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect([partsIn(undefined), partsIn(5)]).toEqual([[], []]);
  expect([textIn("a"), textIn(5), textIn(undefined)]).toEqual(["a", undefined, undefined]);
});

it("names choices by their labels, unless a label is not unique or missing", () => {
  const options = [
    { label: "Red", value: "r" },
    { label: "Twice", value: "a" },
    { label: "Twice", value: "b" },
    { label: "g", value: "x" },
    { label: "Green", value: "g" },
    { value: "bare" },
    "no option",
  ];
  expect(labelsOf({ options }, ["r", "a", "x", "g", "bare", "unknown"])).toEqual([
    "Red",
    "a",
    "x",
    "Green",
    "bare",
    "unknown",
  ]);
  expect(labelsOf(undefined, ["r"])).toEqual(["r"]);
  expect(labelsOf({ options: "none" }, ["r"])).toEqual(["r"]);
});

const menu = (id: string, more: object = {}) => ({
  type: 3,
  custom_id: id,
  options: [{ label: "Red", value: "r" }],
  ...more,
});
const choice = (components: object[], custom_id = "one") =>
  ({ data: { custom_id, values: ["r"] }, message: { components } }) as unknown as Payload;

it.each<[string, object[], object]>([
  ["the only one", [menu("one"), { type: 2, custom_id: "b" }], { values: ["Red"] }],
  [
    "one of two, by its words",
    [menu("one", { placeholder: "Colour" }), menu("two")],
    { values: ["Red"], menu: "Colour" },
  ],
  ["one of two without words", [menu("one"), menu("two")], { values: ["Red"], menu: "one" }],
  ["gone", [menu("two"), menu("three")], { values: ["r"], menu: "one" }],
  ["not there", [], { values: ["r"] }],
])("names the menu in which was chosen: %s", (_, components, chosen) => {
  expect(chosenIn(choice(components))).toEqual(chosen);
});

it.each([5, 6, 7, 8])("takes a list of type %i for a menu", (type) => {
  expect(chosenIn(choice([menu("one"), menu("two", { type })])).menu).toBe("one");
});

it("names nothing that was chosen without data", () => {
  expect(chosenIn({})).toEqual({ values: [] });
});

const modal = {
  components: [
    { type: 18, component: { type: 21, custom_id: "radio", options: [{ label: "Red", value: "r" }] } },
    { type: 18, component: { type: 3, custom_id: "menu", options: [{ label: "Red", value: "r" }] } },
  ],
};
const entered = (...components: object[]) => enteredIn({ data: { components } }, modal);

it.each<[object, object | undefined]>([
  [
    { type: 4, custom_id: "text", value: "hello" },
    { customId: "text", value: "hello" },
  ],
  [
    { type: 4, custom_id: "radio", value: "r" },
    { customId: "radio", value: "r" },
  ],
  [
    { type: 4, custom_id: "text" },
    { customId: "text", value: "" },
  ],
  [
    { type: 21, custom_id: "radio", value: "r" },
    { customId: "radio", value: "Red" },
  ],
  [
    { type: 21, custom_id: "radio", value: null },
    { customId: "radio", value: null },
  ],
  [
    { type: 23, custom_id: "box", value: true },
    { customId: "box", value: true },
  ],
  [
    { type: 3, custom_id: "menu", values: ["r", "x"] },
    { customId: "menu", value: ["Red", "x"] },
  ],
  [
    { type: 19, custom_id: "files", values: ["1", "2"] },
    { customId: "files", value: [], files: ["1", "2"] },
  ],
  [
    { type: 19, custom_id: "files" },
    { customId: "files", value: [], files: [] },
  ],
  [{ type: 10 }, undefined],
])("reads what was entered: %j", (component, entry) => {
  expect(entered({ type: 18, component })).toEqual(entry ? [entry] : []);
});

it("names people and channels as the kit takes them", () => {
  const world = createSeededWorld();
  expect([personName(world, ada), personName(world, "5"), personName(world, undefined)]).toEqual(["ada", "5", ""]);
  expect([channelName(world, general), channelName(world, "5"), channelName(world, undefined)]).toEqual([
    "#general",
    "5",
    "",
  ]);
  expect(channelName(world, world.groupChannel.id)).toBe("group-dm");
  world.directChannels.set(ada, { id: "77" } as never);
  expect([channelName(world, "77"), channelName(world, "78")]).toEqual(["dm", "78"]);
  // Another of that name.
  const [guild] = world.guilds.values();
  guild?.channels.set("9", { id: "9", name: "general" } as never);
  expect(channelName(world, general)).toBe(general);
});
