import { describe, expect, it } from "vitest";
import {
  type Cooldown,
  type CooldownStore,
  createKit,
  createRouter,
  type Declared,
  type Guard,
  guildOnly,
  type Outgoing,
  type RouterServices,
  type Stage,
} from "../../../../src/discord/index.ts";
import { click, contextCommand, envelope, person, slash, slashWith, submission } from "../../../support/payloads.ts";
import { createMapAnswerStore, createMapCooldownStore } from "../stores/map-stores.ts";

// A cooldown as the router asks for it, here of a Map.

const { command, component, messageCommand, modal, userCommand } = createKit<RouterServices>();
const description = "x";

function createBot(handlers: readonly Declared<RouterServices>[], failing?: CooldownStore) {
  const time = { at: Date.parse("2026-06-01T12:00:00Z") };
  const clock = { now: () => time.at, sleep: () => Promise.resolve() };
  const uses = new Map<string, readonly number[]>();
  const answers = createMapAnswerStore(new Map());
  const errors: unknown[] = [];
  const stages: Stage[] = [];
  const services: RouterServices = { clock, waitUntil: () => {}, discord: undefined as never };
  const router = createRouter<RouterServices>({
    handlers,
    cooldowns: () => failing ?? createMapCooldownStore(uses, clock),
    answers: () => answers,
    onError: (error) => String(errors.push(error)),
    onStage: (stage) => void stages.push(stage),
  });
  return {
    time,
    errors,
    stages,
    /** Returns the keys under which uses were counted. */
    counted: () => [...uses.keys()],
    async use(payload: object): Promise<string> {
      const { data }: Outgoing = await router(payload as never, services);
      return (data as { content: string }).content;
    },
    router: (payload: object) => router(payload as never, services),
  };
}

const roast = (cooldown: Cooldown, more: { guards?: readonly Guard[]; once?: boolean } = {}) =>
  command({ name: "roast", description, cooldown, ...more, run: () => "ran" });

const outside = () => {
  const { member: _member, guild_id: _guildId, ...rest } = { ...slash("roast"), user: person };
  return rest;
};

const there = (at: number) => `<t:${Math.ceil(at / 1_000)}:R>`;

describe("a cooldown", () => {
  it("a cooldown allows as many uses as its limit, then says when to come back, for the person only", async () => {
    const { use, router, time, stages } = createBot([roast({ limit: 2, seconds: 10 })]);
    // Between two seconds: the later one is told, so that it works by then.
    time.at += 1;
    expect([await use(slash("roast")), await use(slash("roast"))]).toEqual(["ran", "ran"]);
    expect(await router(slash("roast"))).toMatchObject({
      type: 4,
      data: { flags: 64, content: `That was quick. You can use this again ${there(time.at + 10_000)}.` },
    });
    expect(stages.at(-1)).toMatchObject({ stage: "admit", outcome: "refused", handler: "/roast" });
    time.at += 10_000;
    expect(await use(slash("roast"))).toBe("ran");
  });

  const guild = envelope().guild_id;
  const channel = envelope().channel_id;
  it.each<[Cooldown["per"], string, string]>([
    [undefined, `user:${person.id}`, "That was quick. You can use this again"],
    ["user", `user:${person.id}`, "That was quick. You can use this again"],
    ["member", `member:${guild}:${person.id}`, "That was quick. You can use this again"],
    ["channel", `channel:${channel}`, "This has been used enough in this channel for now. It works again"],
    ["guild", `guild:${guild}`, "This has been used enough in this server for now. It works again"],
    ["everyone", "everyone", "This has been used enough for now. It works again"],
    [({ locale }) => locale, "by:en-US", "This has been used enough for now. It works again"],
  ])("a cooldown per %s counts under %s in a server", async (per, key, words) => {
    const { use, counted, time } = createBot([roast({ limit: 1, seconds: 10, ...(per && { per }) })]);
    await use(slash("roast"));
    expect(counted()).toEqual([`/roast:${key}`]);
    expect(await use(slash("roast"))).toBe(`${words} ${there(time.at + 10_000)}.`);
  });

  it.each<[Cooldown["per"], string]>([
    ["user", `user:${person.id}`],
    ["member", `user:${person.id}`],
    ["channel", `channel:${channel}`],
    ["guild", `user:${person.id}`],
    ["everyone", "everyone"],
  ])("a cooldown per %s counts under %s outside servers", async (per, key) => {
    const { use, counted } = createBot([roast({ limit: 1, seconds: 10, ...(per && { per }) })]);
    await use(outside());
    expect(counted()).toEqual([`/roast:${key}`]);
    const isPersonal = per !== "channel" && per !== "everyone";
    expect(await use(outside())).toContain(isPersonal ? "That was quick." : "This has been used enough");
  });

  it("a cooldown per channel counts by person where the channel is not known", async () => {
    const { use, counted } = createBot([roast({ limit: 1, seconds: 10, per: "channel" })]);
    await use({ ...outside(), channel: undefined, channel_id: undefined });
    expect(counted()).toEqual([`/roast:user:${person.id}`]);
  });

  it("a cooldown per function gets the interaction of its handler, and counts no use when it returns undefined", async () => {
    const ask = command({
      name: "ask",
      description,
      options: [{ type: "string", name: "topic", description }],
      guards: [guildOnly],
      cooldown: {
        limit: 1,
        seconds: 10,
        per: ({ options, guildId }) => options.topic && `${guildId.length} ${options.topic}`,
      },
      run: () => "ran",
    });
    const { use, counted } = createBot([ask]);
    const about = (topic: string) => slashWith("ask", [{ name: "topic", type: 3, value: topic }]);
    expect([await use(slash("ask")), await use(slash("ask")), await use(about("tea"))]).toEqual(["ran", "ran", "ran"]);
    expect(await use(about("tea"))).toContain("used enough");
    expect(await use(about("cake"))).toBe("ran");
    expect(counted()).toEqual(["/ask:by:19 tea", "/ask:by:19 cake"]);
  });

  it("a cooldown is counted separately for handlers of one name and different kinds", async () => {
    const cooldown = { limit: 1, seconds: 10 };
    const run = () => "ran";
    const { use, counted } = createBot([
      command({ name: "same", description, cooldown, run }),
      userCommand({ name: "same", cooldown, run }),
      messageCommand({ name: "same", cooldown, run }),
      component({ id: "same", cooldown, run }),
      modal({ id: "same", title: "x", fields: { a: { type: "text", label: "A" } }, cooldown, run }),
    ]);
    const payloads = [
      slash("same"),
      contextCommand(2, "same", "5", { users: { "5": { id: "5", username: "x" } } }),
      contextCommand(3, "same", "5", { messages: { "5": { id: "5" } } }),
      click("same"),
      submission("same", [{ type: 4, custom_id: "a", value: "x" }]),
    ];
    for (const payload of payloads) expect(await use(payload)).toBe("ran");
    for (const payload of payloads) expect(await use(payload)).toContain("That was quick.");
    expect(counted()).toHaveLength(payloads.length);
  });

  it("a cooldown does not count a use that a guard refuses", async () => {
    for (const guard of [guildOnly, (async (interaction, services) => guildOnly(interaction, services)) as Guard]) {
      for (const once of [true, false]) {
        const { use, counted } = createBot([roast({ limit: 1, seconds: 10 }, { guards: [guard], once })]);
        expect(await use(outside())).toBe("This works in servers only.");
        expect(counted()).toEqual([]);
        expect(await use(slash("roast"))).toBe("ran");
        // And it counts one that the guard allows, at once or later.
        expect(await use(slash("roast"))).toContain("That was quick.");
      }
    }
  });

  it("a cooldown that is known to be used up keeps load from running", async () => {
    const loaded: string[] = [];
    const loading = command({
      name: "roast",
      description,
      cooldown: { limit: 1, seconds: 10 },
      load: async () => loaded.push("once"),
      run: (_interaction, _services, count) => `loaded ${count}`,
    });
    const { use } = createBot([loading]);
    expect(await use(slash("roast"))).toBe("loaded 1");
    expect(await use(slash("roast"))).toContain("That was quick.");
    expect(loaded).toEqual(["once"]);
  });

  it.each<[string, CooldownStore["use"]]>([
    ["rejects", () => Promise.reject(new Error("no store"))],
    [
      "throws",
      () => {
        throw new Error("no store");
      },
    ],
  ])("a cooldown allows the use when its store %s, and tells the error hook", async (_name, failing) => {
    const { use, errors } = createBot([roast({ limit: 1, seconds: 10 })], { use: failing });
    expect(await use(slash("roast"))).toBe("ran");
    expect(errors).toEqual([new Error("no store")]);
  });

  it("a cooldown allows the use when its function throws, and tells the error hook", async () => {
    const per = () => {
      throw new Error("no key");
    };
    const { use, errors } = createBot([roast({ limit: 1, seconds: 10, per })]);
    expect([await use(slash("roast")), await use(slash("roast"))]).toEqual(["ran", "ran"]);
    expect(errors).toHaveLength(2);
  });
});

describe("a cooldown of a handler that runs once", () => {
  it("a duplicate delivery gets the first answer again, and counts as no use", async () => {
    const { use } = createBot([roast({ limit: 2, seconds: 10 }, { once: true })]);
    const first = slash("roast");
    expect([await use(first), await use(first), await use(first)]).toEqual(["ran", "ran", "ran"]);
    expect(await use(slash("roast"))).toBe("ran");
    expect(await use(slash("roast"))).toContain("That was quick.");
  });

  it("a duplicate of a refused use gets the same refusal, even after the cooldown", async () => {
    const { use, time } = createBot([roast({ limit: 1, seconds: 10 }, { once: true })]);
    await use(slash("roast"));
    const second = slash("roast");
    const refusal = await use(second);
    expect(refusal).toContain("That was quick.");
    time.at += 11_000;
    expect(await use(second)).toBe(refusal);
    expect(await use(slash("roast"))).toBe("ran");
  });
});
