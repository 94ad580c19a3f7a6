import { describe, expect, it } from "vitest";
import {
  type Cooldown,
  createKit,
  createRouter,
  DeclarationError,
  type Declared,
  type RouterOptions,
  type RouterServices,
} from "../../../../src/discord/index.ts";
import { createMapAnswerStore, createMapCooldownStore } from "../stores/map-stores.ts";

const kit = createKit<RouterServices>();
const { command, commandTree, component, entryPoint, messageCommand, modal, subcommand, subcommandGroup, userCommand } =
  kit;
const description = "x";
const run = () => "ran";
const cooldown: Cooldown = { limit: 1, seconds: 10 };
const fields = { a: { type: "text", label: "A" } } as const;

const create = (handlers: readonly Declared<RouterServices>[], stores: Partial<RouterOptions<RouterServices>> = {}) =>
  createRouter<RouterServices>({ handlers, onError: String, ...stores });

/** A handler of every kind that has this behaviour, and the name by which a refusal calls it. */
const everywhere = (behaviour: { once?: boolean; cooldown?: Cooldown }): [string, Declared<RouterServices>][] => {
  const leaf = subcommand({ description, ...behaviour, run });
  return [
    ["/pay", command({ name: "pay", description, ...behaviour, run })],
    ["/feed follow", commandTree({ name: "feed", description, subcommands: { follow: leaf } })],
    [
      "/feed topic add",
      commandTree({
        name: "feed",
        description,
        subcommands: {
          list: subcommand({ description, run }),
          topic: subcommandGroup({ description, subcommands: { add: leaf, list: subcommand({ description, run }) } }),
        },
      }),
    ],
    ["Greet", userCommand({ name: "Greet", ...behaviour, run })],
    ["Quote", messageCommand({ name: "Quote", ...behaviour, run })],
    ["launch", entryPoint({ name: "launch", description, ...behaviour, run })],
    ["vote/:choice<int>", component({ id: "vote/:choice<int>", ...behaviour, run })],
    ["form/:id", modal({ id: "form/:id", title: "Form", fields, ...behaviour, run })],
  ];
};

describe("createRouter without a store", () => {
  it.each(everywhere({ once: true }))(
    "createRouter without answers refuses %s with once, by name, and says what to do",
    (name, handler) => {
      expect(() => create([command({ name: "fine", description, run }), handler])).toThrow(DeclarationError);
      expect(() => create([handler])).toThrow(
        `"${name}" has \`once\`, and the router has no \`answers\` to keep it: give createRouter a store, or remove \`once\`.`,
      );
    },
  );

  it.each(everywhere({ cooldown }))(
    "createRouter without cooldowns refuses %s with a cooldown, by name, and says what to do",
    (name, handler) => {
      expect(() => create([command({ name: "fine", description, run }), handler])).toThrow(DeclarationError);
      expect(() => create([handler])).toThrow(
        `"${name}" has \`cooldown\`, and the router has no \`cooldowns\` to keep it: give createRouter a store, or remove \`cooldown\`.`,
      );
    },
  );

  it("createRouter names every handler that it refuses, and no other", () => {
    const handlers = [
      command({ name: "first", description, once: true, run }),
      command({ name: "second", description, cooldown, run }),
      command({ name: "third", description, once: false, run }),
    ];
    expect(() => create(handlers)).toThrow(/^"\/first" [^\n]*\n"\/second" [^\n]*$/);
  });

  it("createRouter without stores takes handlers that need none", () => {
    expect(create([command({ name: "fine", description, run })])).toBeTypeOf("function");
  });
});

const answers = () => createMapAnswerStore(new Map());
const cooldowns = () => createMapCooldownStore(new Map(), { now: () => 0 });

it.each(everywhere({ once: true, cooldown }))(
  "createRouter with stores takes %s with once and cooldown",
  (_name, handler) => {
    expect(create([handler], { answers, cooldowns })).toBeTypeOf("function");
  },
);

it.each<[string, Partial<Cooldown>, string]>([
  ["a limit of 0", { limit: 0 }, "its limit is 0, and must be a whole number from 1 to 1000"],
  ["a negative limit", { limit: -1 }, "its limit is -1"],
  ["half a use", { limit: 1.5 }, "its limit is 1.5"],
  ["no number for a limit", { limit: Number.NaN }, "its limit is NaN"],
  ["a limit above 1000", { limit: 1_001 }, "its limit is 1001"],
  ["no seconds", { seconds: 0 }, "it lasts 0 seconds, and must last longer than 0"],
  ["negative seconds", { seconds: -5 }, "it lasts -5 seconds"],
  ["endless seconds", { seconds: Number.POSITIVE_INFINITY }, "it lasts Infinity seconds"],
])("createRouter refuses a cooldown with %s, by the handler's name", (_name, wrong, message) => {
  const handler = command({ name: "pay", description, cooldown: { ...cooldown, ...wrong }, run });
  expect(() => create([handler], { cooldowns })).toThrow(`"/pay" has a cooldown that cannot be kept: ${message}`);
});

it.each<Cooldown>([
  { limit: 1, seconds: 0.5 },
  { limit: 1_000, seconds: 86_400 },
])("createRouter takes the cooldown %j", (fine) => {
  expect(create([command({ name: "pay", description, cooldown: fine, run })], { cooldowns })).toBeTypeOf("function");
});
