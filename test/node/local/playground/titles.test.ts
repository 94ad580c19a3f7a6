import { expect, it } from "vitest";
import { createSeededWorld } from "../../../../local/discord/world/seed.ts";
import { labelsOf, partsIn } from "../../../../local/playground/server/copied/choices.ts";
import { channelName, personName } from "../../../../local/playground/server/copied/names.ts";
import { lineOf } from "../../../../local/playground/server/line.ts";
import { kindOf, type Payload, personIn, readPayload } from "../../../../local/playground/server/payload.ts";
import { redisText } from "../../../../local/playground/server/redis-text.ts";
import { commandOf, labelOf, titleOf } from "../../../../local/playground/server/titles.ts";
import { ada, general, linus } from "./support.ts";

const world = createSeededWorld();
const sent = (type: number, data: object, more: object = {}): Payload => ({ id: "1", token: "t", type, data, ...more });
const button = { type: 2, label: "Pizza", custom_id: "p" };
const message = {
  components: [
    { type: 1, components: [button, { type: 2, custom_id: "e", emoji: { name: "🐦" } }] },
    { type: 9, accessory: { ...button, label: "", custom_id: "a" } },
    { type: 1, components: [{ type: 3, custom_id: "m", placeholder: "Colours" }] },
  ],
};
const remind = { name: "remind", options: [{ name: "me", type: 1, options: [{ name: "in", type: 3, value: "10m" }] }] };

it.each<[Payload, string, string, string]>([
  [{ type: 1 }, "ping", "PING", ""],
  [{ type: 0 }, "event", "PING of the webhook events", ""],
  [{ type: 1, event: { type: "ENTITLEMENT_CREATE" } }, "event", "ENTITLEMENT_CREATE", ""],
  [{ type: 2 }, "ping", "PING", ""],
  [sent(2, remind), "command", "/remind me in:10m", "/remind me"],
  [sent(4, remind), "autocomplete", "/remind me in:10m…", ""],
  [
    sent(2, { name: "Who is", type: 2, target_id: linus, resolved: { users: { [linus]: { username: "linus" } } } }),
    "command",
    "Who is → linus",
    "Who is",
  ],
  [sent(2, { name: "Quote", type: 3, target_id: "5" }), "command", "Quote → a message", "Quote"],
  [sent(2, { name: "launch", type: 4 }), "command", "launch", "launch"],
  [sent(2, {}), "command", "/", ""],
  [sent(3, { component_type: 2, custom_id: "p" }, { message }), "component", 'Click "Pizza"', ""],
  [sent(3, { component_type: 2, custom_id: "e" }, { message }), "component", 'Click "🐦"', ""],
  [sent(3, { component_type: 2, custom_id: "a" }, { message }), "component", 'Click "a"', ""],
  [sent(3, { component_type: 3, custom_id: "m" }, { message }), "component", 'Choose in "Colours"', ""],
  [sent(3, { component_type: 3, custom_id: "z" }), "component", 'Choose in "z"', ""],
  [sent(5, { custom_id: "f" }), "form", "Submit f", ""],
  [sent(5, {}), "form", "Submit a form", ""],
])("tells what %j is", (payload, kind, title, command) => {
  expect([kindOf(payload), titleOf(payload, world), commandOf(payload)]).toEqual([kind, title, command]);
});

const typed = (...options: object[]) => lineOf(sent(2, { name: "x", options }), world);
it.each<[object, string]>([
  [{ type: 3, value: "a b" }, "a b"],
  [{ type: 3, value: "" }, '""'],
  [{ type: 3, value: " a" }, '" a"'],
  [{ type: 3, value: 'a "b" c' }, String.raw`"a \"b\" c"`],
  [{ type: 3, value: String.raw`a\b` }, String.raw`"a\\b"`],
  [{ type: 3, value: "a\nb" }, '"a\nb"'],
  [{ type: 3, value: "see a:b" }, '"see a:b"'],
  [{ type: 4, value: 5 }, "5"],
  [{ type: 5, value: false }, "false"],
  [{ type: 6, value: ada }, "@ada"],
  [{ type: 9, value: linus }, "@linus"],
  [{ type: 6, value: "9" }, "9"],
  [{ type: 7, value: general }, "#general"],
  [{ type: 8, value: "1100000000000000102" }, "1100000000000000102"],
])("types the value %j as %s", (option, text) => {
  expect(typed({ name: "a", ...option })).toBe(`/x a:${text}`);
});

it("types the option with the cursor last, and no files", () => {
  const [a, b, c] = [
    { name: "a", type: 3, value: "1", focused: true },
    { name: "b", type: 11, value: "2" },
    { name: "c", type: 3, value: "3" },
  ];
  expect(typed(a, b, c)).toBe("/x c:3 a:1");
  expect(labelOf(sent(3, {}))).toBe("");
});

it("names people and channels so that the name leads back", () => {
  const own = createSeededWorld();
  expect([personName(own, ada), personName(own, "9"), personName(own, undefined)]).toEqual(["ada", "9", ""]);
  expect([
    channelName(own, general),
    channelName(own, own.groupChannel.id),
    channelName(own, "9"),
    channelName(own, undefined),
  ]).toEqual(["#general", "group-dm", "9", ""]);
  own.directChannels.set(ada, { id: "7" } as never);
  expect(channelName(own, "7")).toBe("dm");
  const channels = own.guilds.get("1100000000000000200")?.channels;
  const general_ = own.guilds.get("1100000000000000100")?.channels.get(general);
  if (general_) channels?.set("8", { ...general_, id: "8" });
  expect([
    channelName(own, general),
    lineOf(sent(2, { name: "x", options: [{ name: "a", type: 7, value: general }] }), own),
  ]).toEqual([general, `/x a:${general}`]);
});

it("reads a body as far as it is an object, and who acts in it", () => {
  for (const body of ["{", "5", "null", '"x"']) expect(readPayload(body)).toEqual({});
  expect(readPayload('{"type":1}')).toEqual({ type: 1 });
  expect([
    personIn({ member: { user: { id: "1" } }, user: { id: "2" } }),
    personIn({ user: { id: "2" } }),
    personIn({}),
  ]).toEqual(["1", "2", undefined]);
});

it("shows a Redis command on one line, cut where it is long", () => {
  const text = (...command: string[]) => redisText(command as never);
  expect(text("SET", "a", "x\n  y")).toBe("SET a x y");
  expect(text("x".repeat(120), "x".repeat(121))).toBe(`${"x".repeat(120)} ${"x".repeat(120)}…`);
  const most = [...Array.from({ length: 8 }, () => "x".repeat(120)), "y".repeat(32)];
  expect([text(...most).length, text(...most).endsWith("y")]).toEqual([1_000, true]);
  expect(text(...most.slice(0, 8), "y".repeat(33))).toBe(`${most.slice(0, 8).join(" ")} ${"y".repeat(32)}…`);
});

it("finds every part of a message, and names a choice by its label only where that is clear", () => {
  expect(partsIn(message.components).map(({ type }) => type)).toEqual([1, 2, 2, 9, 2, 1, 3]);
  expect([partsIn("x"), partsIn(null)]).toEqual([[], []]);
  const options = [
    { label: "Red", value: "r" },
    { label: "Two", value: "a" },
    { label: "Two", value: "b" },
    { value: "n" },
    5,
  ];
  expect(labelsOf({ options }, ["r", "a", "b", "n", "z"])).toEqual(["Red", "a", "b", "n", "z"]);
  expect(labelsOf(undefined, ["r"])).toEqual(["r"]);
});
