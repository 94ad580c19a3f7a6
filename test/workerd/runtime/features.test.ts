import { describe, expect, it } from "vitest";
import { features as own } from "../../../src/bot/features.ts";
import {
  command,
  commandTree,
  component,
  event,
  feature,
  modal,
  subcommand,
  subcommandGroup,
  userCommand,
} from "../../../src/bot/kit.ts";
import { button, customId, row } from "../../../src/discord/index.ts";
import { readConfig } from "../../../src/runtime/config.ts";
import { createInvocation } from "../../../src/runtime/create-invocation.ts";
import { runCron } from "../../../src/runtime/cron.ts";
import {
  checkFeatures,
  commandBodies,
  createWorker,
  type Feature,
  type Invocation,
  indexFeatures,
} from "../../../src/runtime/index.ts";
import { createIsolate } from "../../../src/runtime/isolate.ts";
import { createTestBot } from "../../support/bot.ts";
import { createDatabase } from "../../support/database.ts";
import { click, slash, slashWith, submission } from "../../support/payloads.ts";
import { createTimeline } from "../../support/timeline.ts";

/** A small feature that brings one of each: a command with a button, a job, a webhook event, a duty, an order. */
function createLamp() {
  const done: string[] = [];
  const lamp = feature({
    name: "lamp",
    handlers: [
      command({
        name: "lamp",
        description: "Switches a lamp",
        async run(_interaction, { jobs, clock }) {
          await jobs.schedule({ kind: "lamp-off", owner: "lamp", dueAt: clock.now() });
          return {
            content: "On",
            components: [row(button({ label: "Off", custom_id: customId("lamp/off").build({}) }))],
          };
        },
      }),
      component({ id: "lamp/off", run: () => "Off" }),
    ],
    jobs: { "lamp-off": async ({ kind }) => void done.push(kind) },
    events: [event({ type: "APPLICATION_AUTHORIZED", run: ({ type }) => void done.push(type) })],
    duties: {
      "lamp-check": () => ({
        async run() {
          done.push("lamp-check");
          return Number.POSITIVE_INFINITY;
        },
      }),
    },
    orders: { "lights-out": { description: "Switch all lamps off", run: () => void done.push("lights-out") } },
  });
  return { lamp, done };
}

const authorized = {
  version: 1,
  application_id: "1100000000000000001",
  type: 1,
  event: {
    type: "APPLICATION_AUTHORIZED",
    timestamp: "2026-06-01T12:00:00Z",
    data: { user: { id: "1" }, scopes: [] },
  },
};

describe("a feature", () => {
  it("brings its command, button, job and event with one entry of the list", async () => {
    const { lamp, done } = createLamp();
    const bot = await createTestBot({ features: [...own, lamp] });
    expect((await bot.interact(slash("lamp"))).body).toMatchObject({ data: { content: "On" } });
    expect((await bot.interact(click("lamp/off"))).body).toMatchObject({ data: { content: "Off" } });
    expect((await bot.report(authorized)).status).toBe(204);
    expect(done).toEqual(["lamp-off", "APPLICATION_AUTHORIZED"]);
  });

  it("brings its duty to the cron tick, and its order to every instance", async () => {
    const { lamp, done } = createLamp();
    const database = createDatabase();
    const timeline = createTimeline();
    const { config } = readConfig({
      DISCORD_APPLICATION_ID: "1100000000000000001",
      DISCORD_PUBLIC_KEY: "00".repeat(32),
      UPSTASH_REDIS_REST_URL: database.url,
      UPSTASH_REDIS_REST_TOKEN: database.token,
    });
    if (!config) throw new Error("The configuration is wrong.");
    const index = indexFeatures([lamp]);
    const isolate = createIsolate({ clock: timeline.clock });
    const works: Promise<unknown>[] = [];
    const waitUntil = (work: Promise<unknown>) => void works.push(work);
    const { clock, fetch } = timeline;
    const services = createInvocation({ isolate, config, features: index, waitUntil, clock, fetch });
    await services.pubsub.publish("all", "a bus that is in use");
    await services.pubsub.poll();
    await timeline.drive(runCron(services, index));
    expect(done).toEqual(["lamp-check"]);
    await services.coordination.asLeader(() => services.coordination.broadcast("lights-out"));
    await services.pubsub.poll();
    await Promise.all(works);
    expect(done).toEqual(["lamp-check", "lights-out"]);
  });

  it("is gone with its entry: its command is registered and answered only while it is listed", async () => {
    const { lamp } = createLamp();
    expect(commandBodies([...own, lamp]).map(({ name }) => name)).toContain("lamp");
    expect(commandBodies(own).map(({ name }) => name)).not.toContain("lamp");
    const bot = await createTestBot({ features: own });
    expect((await bot.interact(slash("lamp"))).body).toMatchObject({
      data: { content: expect.stringContaining("This bot has no command `/lamp`.") },
    });
  });

  it.each(own.map(({ name }) => name))("can be left out: a bot without %s registers and answers", async (name) => {
    const rest = own.filter((one) => one.name !== name);
    expect(commandBodies(rest).length).toBeLessThanOrEqual(commandBodies(own).length);
    const bot = await createTestBot({ features: rest });
    const { status, body } = await bot.interact(slash(name === "ping" ? "help" : "ping"));
    expect([status, body]).toEqual([200, expect.objectContaining({ type: 4 })]);
  });
});

describe("the guards of a feature", () => {
  const locked = () => "Locked.";
  const go = command({ name: "go", description: "x", run: () => "Gone." });
  const stop = component({ id: "go/stop", run: () => "Stopped." });
  const form = modal({
    id: "go/form",
    title: "Go",
    fields: { where: { type: "text", label: "Where" } },
    run: () => "?",
  });
  const tree = commandTree({
    name: "walk",
    description: "x",
    subcommands: {
      far: subcommand({ description: "x", run: () => "Far." }),
      more: subcommandGroup({
        description: "x",
        subcommands: { on: subcommand({ description: "x", run: () => "On." }) },
      }),
    },
  });
  const walk = (...options: object[]) => slashWith("walk", options);
  const every = [
    slash("go"),
    walk({ type: 1, name: "far" }),
    walk({ type: 2, name: "more", options: [{ type: 1, name: "on" }] }),
    click("go/stop"),
    submission("go/form", [{ type: 4, custom_id: "where", value: "there" }]),
  ];

  it("hold for its commands, subcommands, components and forms", async () => {
    const handlers = [go, tree, stop, form];
    const bot = await createTestBot({ features: [feature({ name: "go", guards: [locked], handlers })] });
    for (const payload of every)
      expect((await bot.interact(payload)).body).toMatchObject({ data: { content: "Locked." } });
    const open = await createTestBot({ features: [feature({ name: "go", handlers })] });
    for (const payload of every)
      expect((await open.interact(payload)).body).not.toMatchObject({ data: { content: "Locked." } });
  });

  it("are asked before those of the handler itself", async () => {
    const own = command({ name: "go", description: "x", guards: [() => "Own."], run: () => "Gone." });
    const bot = await createTestBot({ features: [feature({ name: "go", guards: [locked], handlers: [own] })] });
    expect((await bot.interact(slash("go"))).body).toMatchObject({ data: { content: "Locked." } });
  });

  it("cannot be forgotten where a command has some: its components have to state theirs", () => {
    const guardedGo = command({ name: "go", description: "x", guards: [locked], run: () => "Gone." });
    const features = (...handlers: Feature["handlers"] & object) => [{ name: "go", handlers }];
    expect(() => createWorker({ features: features(guardedGo, stop) })).toThrow(
      'The feature "go": the command "go" asks guards, but the component "go/stop" does not.',
    );
    const stated = component({ id: "go/stop", guards: [], run: () => "Stopped." });
    expect(() => createWorker({ features: features(guardedGo, stated) })).not.toThrow();
    expect(() => createWorker({ features: features(go, stop) })).not.toThrow();
  });
});

describe("the bot's own features", () => {
  it("declare only what Discord accepts", () => {
    expect(() => checkFeatures(own)).not.toThrow();
  });
});

describe("a check of features", () => {
  const refused = feature({ name: "lamp", handlers: [command({ name: "lamp", description: "", run: () => "x" })] });
  const form = modal({ id: "lamp/name", title: "", fields: {}, run: () => "x" });

  it.each<[string, Feature[], string]>([
    ["a command that Discord would refuse", [refused], "/lamp: the description has 0 characters"],
    [
      "a form that Discord would refuse",
      [{ name: "lamp", handlers: [form] }],
      'The modal "lamp/name": it has 0 fields',
    ],
    ["two features that bring the same", [refused, { ...refused, name: "torch" }], 'both bring the command "lamp"'],
  ])("names %s, and commands with it are not registered", (_title, features, message) => {
    expect(() => checkFeatures(features)).toThrow(message);
    expect(() => commandBodies(features)).toThrow(message);
  });

  it("is not made by an isolate that starts, which refuses duplicates alone", () => {
    expect(() => createWorker({ features: [refused] })).not.toThrow();
    expect(() => createWorker({ features: [refused, { ...refused, name: "torch" }] })).toThrow("both bring");
  });
});

describe("a bot without features", () => {
  it("answers PING, and says that it has no command", async () => {
    const bot = await createTestBot({ features: [] });
    expect((await bot.interact({ type: 1, id: "1", application_id: "2", token: "t" })).body).toEqual({ type: 1 });
    expect((await bot.interact(slash("ping"))).body).toMatchObject({
      data: { content: expect.stringContaining("no command `/ping`") },
    });
  });
});

describe("two features of one bot are refused at the start, both by name,", () => {
  const noop = async () => {};
  const idle = () => ({ run: async () => Number.POSITIVE_INFINITY });
  const order = { description: "x", run: () => {} };
  const feed = { channels: "x", open: ({ pubsub }: Invocation) => pubsub.group("x") };
  const fields = { where: { type: "text", label: "Where" } } as const;
  const form = modal({ id: "x/two", title: "Go", fields, run: () => "x" });
  it.each<[string, Feature, Feature, string]>([
    [
      "with one job kind",
      { name: "a", jobs: { tidy: noop } },
      { name: "b", jobs: { tidy: noop } },
      'the job kind "tidy"',
    ],
    ["with one order", { name: "a", orders: { x: order } }, { name: "b", orders: { x: order } }, 'the order "x"'],
    ["with one duty", { name: "a", duties: { x: idle } }, { name: "b", duties: { x: idle } }, 'the duty "x"'],
    [
      "with one command",
      { name: "a", handlers: [command({ name: "go", description: "x", run: () => "x" })] },
      { name: "b", handlers: [command({ name: "go", description: "x", run: () => "x" })] },
      'the command "go"',
    ],
    [
      "with one first segment of a custom_id",
      { name: "a", handlers: [component({ id: "x/one", run: () => "x" })] },
      { name: "b", handlers: [component({ id: "x/two", run: () => "x" })] },
      'the custom_id prefix "x"',
    ],
    [
      "with one first segment of a component's and a form's custom_id",
      { name: "a", handlers: [component({ id: "x/one", run: () => "x" })] },
      { name: "b", handlers: [form] },
      'the custom_id prefix "x"',
    ],
    ["with one feed", { name: "a", feeds: { x: feed } }, { name: "b", feeds: { x: feed } }, 'the feed "x"'],
    [
      "with one command in the menu of a person",
      { name: "a", handlers: [userCommand({ name: "Go", run: () => "x" })] },
      { name: "b", handlers: [userCommand({ name: "Go", run: () => "x" })] },
      'the user command "Go"',
    ],
  ])("%s", (_title, one, other, what) => {
    expect(() => createWorker({ features: [one, other] })).toThrow(
      `The features "a" and "b" both bring ${what}. Rename one of them.`,
    );
  });

  it("with the same name", () => {
    expect(() => createWorker({ features: [{ name: "a" }, { name: "a" }] })).toThrow('Two features are called "a".');
  });
});
