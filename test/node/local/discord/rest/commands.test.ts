import { expect, it } from "vitest";
import { startRest } from "../support.ts";

const application = "1100000000000000001";
const harbour = "1100000000000000100";
const unknown = "1999999999999999999";
const path = `/applications/${application}/commands`;
const guildPath = `/applications/${application}/guilds/${harbour}/commands`;
const ping = { name: "ping", description: "Is it awake?" };

it("stores a command with Discord's defaults, global and of a server", async () => {
  const { api } = startRest();
  const common = {
    type: 1,
    default_member_permissions: null,
    nsfw: false,
    name_localizations: null,
    description_localizations: null,
    application_id: application,
  };
  const global = (await api("POST", path, ping)).body;
  expect(global).toEqual({
    ...common,
    ...ping,
    id: global.id,
    version: global.version,
    integration_types: [0],
    contexts: null,
  });
  const local = (await api("POST", guildPath, ping)).body;
  expect(local).toEqual({ ...common, ...ping, id: local.id, version: local.version, guild_id: harbour });
  expect((await api("POST", path, { type: 2, name: "Who" })).body).toMatchObject({ type: 2, description: "" });
});

it("keeps the extensions of files in lower case, wherever their option is", async () => {
  const { api } = startRest();
  const file = { type: 11, name: "file", description: "Which", file_types: [".PDF", "image"] };
  const sub = { type: 1, name: "sub", description: "Sub", options: [file] };
  const kept = { file_types: [".pdf", "image"] };
  expect((await api("POST", path, { ...ping, options: [file] })).body).toMatchObject({ options: [kept] });
  expect((await api("PUT", path, [{ ...ping, options: [sub] }])).body).toMatchObject([
    { options: [{ options: [kept] }] },
  ]);
});

it("tells a change of commands", async () => {
  const { api, simulator } = startRest();
  const events: string[] = [];
  simulator.on(({ type }) => void events.push(type));
  const world = () => events.splice(0).filter((type) => type === "world").length;
  const { id } = (await api("POST", path, ping)).body;
  expect(world()).toBe(1);
  await api("PATCH", `${path}/${id}`, { description: "Awake?" });
  expect(world()).toBe(1);
  expect((await api("GET", `${path}/${id}`)).body).toMatchObject({ id, description: "Awake?" });
  await api("DELETE", `${path}/${id}`);
  expect(world()).toBe(1);
  await api("PUT", path, [ping]);
  expect(world()).toBe(1);
  await api("GET", path);
  expect(world()).toBe(0);
});

it.each<[string, string, unknown, number, object]>([
  ["POST", `/applications/${unknown}/commands`, ping, 403, { code: 50_001 }],
  ["GET", `/applications/${application}/guilds/${unknown}/commands`, undefined, 404, { code: 10_004 }],
  ["PATCH", `${path}/${unknown}`, {}, 404, { code: 10_063 }],
  ["PUT", path, { name: "x" }, 400, { code: 50_035, errors: { _errors: [{ code: "LIST_TYPE_CONVERT" }] } }],
  ["PUT", path, [ping, ping], 400, { errors: { "1": { _errors: [{ code: "APPLICATION_COMMANDS_DUPLICATE_NAME" }] } } }],
  ["PUT", path, [{ ...ping, type: 1 }, ping, { type: 2, name: "ping" }], 400, { errors: { "1": { _errors: [{}] } } }],
  ["PUT", path, [{ name: "Ping", description: "x" }], 400, { errors: { "0": { name: { _errors: [{}] } } } }],
  ["PUT", guildPath, [{ ...ping, contexts: [0] }], 400, { errors: { "0": { contexts: { _errors: [{}] } } } }],
  ["POST", guildPath, { ...ping, contexts: [0] }, 400, { errors: { contexts: { _errors: [{}] } } }],
  ["POST", path, { ...ping, type: 4 }, 201, { type: 4 }],
  ["POST", path, { ...ping, contexts: [0] }, 201, { contexts: [0] }],
])("answers %s %s with %j as Discord does", async (method, at, body, status, expected) => {
  const { api } = startRest();
  expect(await api(method, at, body)).toMatchObject({ status, body: expected });
});

it("holds a change to the rules of the command's kind, which it cannot change", async () => {
  const { api } = startRest();
  const { id } = (await api("POST", path, ping)).body;
  const local = (await api("POST", guildPath, ping)).body;
  expect((await api("PATCH", `${path}/${id}`, { type: 2, contexts: [1] })).body).toMatchObject({
    type: 1,
    contexts: [1],
  });
  expect((await api("PATCH", `${path}/${id}`, { description: "" })).status).toBe(400);
  expect((await api("PATCH", `${guildPath}/${local.id}`, { contexts: [1] })).status).toBe(400);
});

it("tells commands of one name apart by their type", async () => {
  const { api } = startRest();
  const slash = (await api("POST", path, ping)).body;
  const user = await api("POST", path, { type: 2, name: "ping" });
  expect(user.status).toBe(201);
  expect(user.body.id).not.toBe(slash.id);
  expect((await api("PUT", path, [{ type: 2, name: "ping" }, ping])).body.map(({ id }: { id: string }) => id)).toEqual([
    user.body.id,
    slash.id,
  ]);
});

it("keeps one entry point command, which overwriting in bulk cannot drop", async () => {
  const { api } = startRest();
  const launch = { type: 4, name: "launch" };
  expect((await api("PUT", path, [ping, launch, { type: 4, name: "other" }])).body).toMatchObject({ code: 30_032 });
  await api("PUT", path, [ping, launch]);
  expect(await api("PUT", path, [ping])).toMatchObject({ status: 400, body: { code: 50_240 } });
  expect((await api("GET", path)).body).toHaveLength(2);
  expect((await api("PUT", path, [launch])).body).toHaveLength(1);
  expect(await api("POST", path, { type: 4, name: "other" })).toMatchObject({ status: 400, body: { code: 30_032 } });
});

it("counts the commands of each type apart", async () => {
  const { api } = startRest();
  const users = Array.from({ length: 15 }, (_, at) => ({ type: 2, name: `u${at}` }));
  await api("PUT", path, [...users, ping]);
  expect((await api("POST", path, { type: 2, name: "one more" })).body).toMatchObject({ code: 30_032 });
  expect((await api("POST", path, { type: 3, name: "one more" })).status).toBe(201);
});

it("lists commands in one language, or with all translations", async () => {
  const { api } = startRest();
  const localized = {
    ...ping,
    name_localizations: { de: "pingen" },
    description_localizations: { de: "Wach?", fr: "Là?" },
    options: [
      {
        type: 3,
        name: "a",
        description: "b",
        description_localizations: { de: "B" },
        choices: [{ name: "n", value: "v", name_localizations: { de: "N" } }],
      },
    ],
  };
  await api("PUT", path, [localized]);
  const list = async (query: string, headers: Record<string, string>) =>
    (await api("GET", path + query, undefined, headers)).body[0];
  const german = { name_localized: "pingen", description_localized: "Wach?" };
  for (const headers of [
    { "X-Discord-Locale": "de" },
    { "Accept-Language": "de;q=0.9,fr" },
    { "Accept-Language": "de,fr" },
  ]) {
    const found = await list("", headers);
    expect(found).toMatchObject({
      ...german,
      options: [{ name: "a", description_localized: "B", choices: [{ name: "n", value: "v", name_localized: "N" }] }],
    });
    expect(JSON.stringify(found)).not.toContain("localizations");
  }
  const french = await list("", { "X-Discord-Locale": "fr" });
  expect(french).toMatchObject({ description_localized: "Là?" });
  expect(french).not.toHaveProperty("name_localized");
  expect(await list("", {})).not.toHaveProperty("description_localized");
  expect(await list("?with_localizations=true", {})).toMatchObject(localized);
});
