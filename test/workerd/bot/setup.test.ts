import * as v from "valibot";
import { beforeEach, describe, expect, it } from "vitest";
import { forgetSettings, readSettings, saveSettings, settingsSchema } from "../../../src/bot/guild-settings.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import type { Invocation } from "../../../src/runtime/index.ts";
import { createTestBot } from "../../support/bot.ts";
import { createDatabase } from "../../support/database.ts";
import { click, envelope, slash, submission } from "../../support/payloads.ts";

// `/setup` through the whole Worker, from clicks that were allowed when the message was shown.

const other = "1100000000000000200";
const idsIn = (body: unknown): string[] =>
  [...JSON.stringify(body).matchAll(/"custom_id":"([^"]+)"/g)].map(([, id = ""]) => id);
const find = (ids: readonly string[], part: string): string => ids.find((id) => id.includes(part)) ?? expect.fail(part);

const weak = () => ({ member: { ...envelope().member, permissions: "1024" } });
const elsewhere = () => ({ guild_id: other, guild: { id: other, locale: "en-US", features: [] } });
const direct = () => ({ guild_id: undefined, guild: undefined, member: undefined, user: envelope().member.user });
const chosen = { component_type: 3, values: ["de"] };

/** A setup that waits at each of its steps, and every click and form that its messages offer. */
async function createSetup() {
  const database = createDatabase();
  const [bot, rival] = await Promise.all([createTestBot({ database }), createTestBot({ database })]);
  let ids = idsIn((await bot.interact(slash("setup"))).body);
  const clicks = [...ids];
  let review: unknown;
  for (let step = 0; step < 4; step++) {
    review = (await bot.interact(click(find(ids, "/go/next/")))).body;
    ids = idsIn(review);
    clicks.push(...ids);
  }
  expect(JSON.stringify(review)).toContain(
    String.raw`**Language** English\n**Announcements** nowhere\n**Managers** no roles\n**Time zone** UTC\n**Greeting** none`,
  );
  const session = find(ids, "/save/").split("/").at(-1) ?? "";
  const form = (revision: number) =>
    submission(`setup/form-words/${revision}/${session}`, [
      { type: 4, custom_id: "timeZone", value: "Europe/Berlin" },
      { type: 4, custom_id: "greeting", value: "Hello" },
    ]);
  const payloads = () => [...clicks.map((id) => click(id, dataFor(id))), form(5)];
  const settings = (guildId: string) => database.raw("GET", `sp:g:${guildId}`);
  return { bot, rival, database, save: find(ids, "/save/"), payloads, settings, session };
}

const dataFor = (id: string): object => {
  if (id.includes("pick-string")) return chosen;
  if (id.includes("pick-channel")) return { component_type: 8, values: [] };
  return id.includes("pick-role") ? { component_type: 6, values: [] } : {};
};

describe("a setup", () => {
  let setup: Awaited<ReturnType<typeof createSetup>>;
  beforeEach(async () => void (setup = await createSetup()));

  it("is saved in its server by a person who may manage it", async () => {
    const { rival, save, settings } = setup;
    expect(JSON.stringify((await rival.interact(click(save))).body)).toContain("Saved.");
    expect(await settings(envelope().guild_id)).toContain('"timeZone":"UTC"');
  });

  it("takes no click, form or save of a person who lost Manage Server meanwhile, whichever isolate answers", async () => {
    const { bot, rival, database, payloads, settings, session } = setup;
    const before = await database.raw("GET", `sp:s:${session}`);
    const answers = await Promise.all(
      payloads().map((payload, index) => (index % 2 ? bot : rival).interact({ ...payload, ...weak() })),
    );
    for (const { body } of answers)
      expect(body).toMatchObject({ type: 4, data: { content: "You need **Manage Guild** for this.", flags: 64 } });
    expect([await settings(envelope().guild_id), await database.raw("GET", `sp:s:${session}`)]).toEqual([null, before]);
  });

  it("changes nothing in another server than it was begun in, where the person may manage too", async () => {
    const { bot, rival, database, save, payloads, settings, session } = setup;
    await database.raw("SET", `sp:g:${other}`, '{"greeting":"Ours"}');
    const before = await database.raw("GET", `sp:s:${session}`);
    for (const [index, payload] of payloads().entries()) {
      const { body } = await (index % 2 ? bot : rival).interact({ ...payload, ...elsewhere() });
      expect(JSON.stringify(body)).toMatch(/begun in another server|You went on from here already/);
    }
    const saved = await rival.interact({ ...click(save), ...elsewhere() });
    expect(JSON.stringify(saved.body)).toContain("This was begun in another server or conversation");
    expect([await settings(other), await settings(envelope().guild_id)]).toEqual(['{"greeting":"Ours"}', null]);
    expect(await database.raw("GET", `sp:s:${session}`)).toBe(before);
    expect(JSON.stringify((await bot.interact(click(save))).body)).toContain("Saved.");
  });

  it("is neither begun nor saved in a direct message, where there is no server", async () => {
    const { bot, database, payloads, session } = setup;
    const before = await database.raw("GET", `sp:s:${session}`);
    for (const payload of [slash("setup"), ...payloads()]) {
      const { body } = await bot.interact({ ...payload, ...direct() });
      expect(body).toMatchObject({ data: { content: "This works in servers only." } });
    }
    expect(await database.raw("KEYS", "sp:g:*")).toEqual([]);
    expect(await database.raw("GET", `sp:s:${session}`)).toBe(before);
  });
});

describe("the form of a setup", () => {
  it("opens in its server, from its latest message, for its person alone", async () => {
    const bot = await createTestBot();
    let ids = idsIn((await bot.interact(slash("setup"))).body);
    for (let step = 0; step < 3; step++) ids = idsIn((await bot.interact(click(find(ids, "/go/next/")))).body);
    const open = find(ids, "/go/form/");
    const shown = async (more: object = {}) => JSON.stringify((await bot.interact({ ...click(open), ...more })).body);
    expect(await shown(elsewhere())).toContain("This was begun in another server or conversation");
    const { member } = envelope();
    const robin = { member: { ...member, user: { ...member.user, id: "1100000000000000015" } } };
    expect(await shown(robin)).toContain("Another person is filling this in.");
    expect(await shown()).toMatch(/^\{"type":9,.*Time zone/);
    await bot.interact(click(find(ids, "/go/next/")));
    expect(await shown()).toContain("You went on from here already");
  });
});

describe("settings", () => {
  const open = (database = createDatabase()) => {
    const { url, token } = database;
    const redis = createConnection({ url, token, state: createRedisState(), timeoutMs: 2_000 });
    const logged: string[] = [];
    const log = (_level: string, event: string) => void logged.push(event);
    return { database, logged, services: { redis, config: { keyPrefix: "sp:" }, log } as unknown as Invocation };
  };

  it.each([
    ["truncated", ["SET", "{"]],
    ["of another shape", ["SET", '{"language":"xx","managerRoleIds":7}']],
    ["of another type", ["RPUSH", "x"]],
  ])("that are %s count as none, are logged, and can be saved over", async (_name, [command = "", value = ""]) => {
    const { database, logged, services } = open();
    await database.raw(command, "sp:g:1100000000000000100", value);
    expect(await readSettings(services, "1100000000000000100")).toEqual(v.parse(settingsSchema, {}));
    expect(logged).toEqual(["settings unreadable"]);
    await saveSettings(services, "1100000000000000100", v.parse(settingsSchema, { greeting: "Hi" }));
    expect((await readSettings(services, "1100000000000000100")).greeting).toBe("Hi");
  });

  it("are not taken for none while Redis does not answer", async () => {
    const { database, services } = open();
    await database.break({ at: "before", do: "status", status: 503, times: 9 });
    const id = "1100000000000000100";
    await expect(readSettings(services, id)).rejects.toThrow("Redis");
    await expect(saveSettings(services, id, v.parse(settingsSchema, {}))).rejects.toThrow("Redis");
    await expect(forgetSettings(services, id)).rejects.toThrow("Redis");
  });

  it.each(["", "undefined", "@me", "1100000000000000100:x"])("have no key for %j, which is no server", async (id) => {
    const database = createDatabase();
    const { url, token } = database;
    const redis = createConnection({ url, token, state: createRedisState() });
    const services = { redis, config: { keyPrefix: "sp:" } } as Invocation;
    await expect(saveSettings(services, id, v.parse(settingsSchema, {}))).rejects.toThrow(RangeError);
    await expect(readSettings(services, id)).rejects.toThrow(RangeError);
    expect(await database.raw("DBSIZE")).toBe(0);
  });
});

describe("a click under a custom_id that no message of the setup has", () => {
  /** Begins a setup, clicks on "Next" some times, and returns its session. */
  async function beginAt(step: number) {
    const bot = await createTestBot();
    let ids = idsIn((await bot.interact(slash("setup"))).body);
    for (let at = 0; at < step; at++) ids = idsIn((await bot.interact(click(find(ids, "/go/next/")))).body);
    const session = find(ids, "/end/").split("/").at(-1) ?? "";
    const send = async (payload: object) => JSON.stringify((await bot.interact(payload)).body);
    return { session, send, settings: () => bot.database.raw("GET", `sp:g:${envelope().guild_id}`) };
  }

  it.each([
    ["saves at the first step", 0, "end/save/0/1"],
    ["saves as if at the review", 0, "end/save/4/1"],
    ["goes on from another step", 0, "go/next/3/1"],
    ["chooses for another step", 0, "pick-string-select/1/1"],
    ["chooses where a form is", 3, "pick-string-select/3/4"],
    ["chooses another kind of thing", 2, "pick-string-select/2/3"],
    ["chooses at the review", 4, "pick-string-select/4/5"],
    ["chooses at no step", 0, "pick-string-select/-1/1"],
  ])("changes nothing where it %s", async (_name, at, id) => {
    const { send, session, settings } = await beginAt(at);
    const data = id.includes("pick") ? chosen : {};
    expect(await send(click(`setup/${id}/${session}`, data))).toContain("nothing was changed");
    expect(await settings()).toBeNull();
    const title = at === 4 ? "Is this right?" : `Step ${at + 1} of 4`;
    expect(await send(slash("setup"))).toContain(title);
  });

  it("goes past no step that has a problem", async () => {
    const { send, session, settings } = await beginAt(3);
    const wrong = await send(
      submission(
        `setup/form-words/4/${session}`,
        [
          { type: 4, custom_id: "timeZone", value: "Middle/Earth" },
          { type: 4, custom_id: "greeting", value: "" },
        ],
        { message: { id: "1200000000000000009", channel_id: "1100000000000000111" } },
      ),
    );
    expect(wrong).toContain("is not a time zone");
    const still = await send(click(`setup/go/next/3/5/${session}`));
    expect(still).toContain("Step 4 of 4");
    expect(still).toContain("is not a time zone");
    expect(await send(click(`setup/end/save/3/6/${session}`))).toContain("nothing was changed");
    expect(await settings()).toBeNull();
  });
});
