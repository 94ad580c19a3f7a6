import type { APIMessage } from "discord-api-types/v10";
import { expect, it } from "vitest";
import type { Guild } from "../../../../../local/discord/index.ts";
import { startRest } from "../support.ts";

const [general, news, hidden] = ["1100000000000000111", "1100000000000000112", "1100000000000000113"];
const linus = "1100000000000000013";
const path = `/channels/${general}/messages`;

it("lists the newest messages first: fifty unless told otherwise, from one to a hundred", async () => {
  const { api } = startRest();
  for (let index = 0; index < 110; index++) await api("POST", path, { content: `${index}` });
  const list = async (query: string) =>
    (await api("GET", path + query)).body.map(({ content }: { content: string }) => Number(content));
  expect(await list("?limit=2")).toEqual([109, 108]);
  const counts = await Promise.all(
    ["", "?limit=0", "?limit=-5", "?limit=100", "?limit=101", "?limit=x", "?limit=1.5"].map(list),
  );
  expect(counts.map(({ length }) => length)).toEqual([50, 1, 1, 100, 100, 50, 50]);
});

it("lists the messages before, after and around one", async () => {
  const { api } = startRest();
  const ids: string[] = [];
  for (let index = 0; index < 6; index++) ids.push((await api("POST", path, { content: `${index}` })).body.id);
  const list = async (query: string) =>
    (await api("GET", path + query)).body.map(({ content }: { content: string }) => Number(content));
  expect(await list(`?before=${ids[3]}`)).toEqual([2, 1, 0]);
  expect(await list(`?before=${ids[3]}&limit=2`)).toEqual([2, 1]);
  expect(await list(`?after=${ids[2]}`)).toEqual([5, 4, 3]);
  expect(await list(`?after=${ids[2]}&limit=2`)).toEqual([4, 3]);
  expect(await list(`?around=${ids[3]}&limit=3`)).toEqual([4, 3, 2]);
  expect(await list(`?around=${ids[0]}&limit=3`)).toEqual([2, 1, 0]);
  expect(await list(`?before=${ids[0]}`)).toEqual([]);
  expect(await list(`?after=${ids[5]}`)).toEqual([]);
});

it("holds the bot to its permissions in a channel", async () => {
  const { api, simulator } = startRest();
  const { world } = simulator;
  const { roles, channels } = world.guilds.get("1100000000000000100") as Guild;
  const allow = (bits: string) => {
    for (const role of roles.values()) roles.set(role.id, { ...role, permissions: bits });
  };
  const own = (await api("POST", path, { content: "x" })).body;
  const missing = { status: 403, body: { code: 50_013, message: "Missing Permissions" } };
  const [view, send, manage, history, inThreads] = [1n << 10n, 1n << 11n, 1n << 13n, 1n << 16n, 1n << 38n];
  const foreign = { ...own, id: "1", author: world.users.get(linus) };
  world.messages.get(general)?.set("1", foreign);
  const thread = [...channels.values()].find(({ type }) => type === 11)?.id ?? "";

  allow(`${view}`);
  expect(await api("POST", path, { content: "x" })).toMatchObject(missing);
  expect(await api("DELETE", `${path}/1`)).toMatchObject(missing);
  expect((await api("GET", path)).body).toEqual([]);
  allow(`${view | send}`);
  expect((await api("POST", path, { content: "x", message_reference: { message_id: own.id } })).body).toMatchObject({
    code: 160_002,
  });
  allow(`${view}`);
  expect((await api("DELETE", `${path}/${own.id}`)).status).toBe(204);
  allow(`${view | send}`);
  expect((await api("POST", path, { content: "x" })).status).toBe(200);
  expect(await api("POST", `/channels/${thread}/messages`, { content: "x" })).toMatchObject(missing);
  allow(`${view | inThreads}`);
  expect((await api("POST", `/channels/${thread}/messages`, { content: "x" })).status).toBe(200);
  allow(`${view | history}`);
  expect((await api("GET", path)).body).toHaveLength(2);
  allow(`${view | manage}`);
  expect((await api("DELETE", `${path}/1`)).status).toBe(204);
});

it.each<[object, string | undefined]>([
  [{ nonce: "x".repeat(25) }, undefined],
  [{ nonce: "x".repeat(26) }, "nonce"],
  [{ nonce: 12 }, undefined],
  [{ nonce: null, enforce_nonce: null }, undefined],
  [{ nonce: 1.5 }, "nonce"],
  [{ nonce: true }, "nonce"],
  [{ nonce: "x", enforce_nonce: "yes" }, "enforce_nonce"],
])("takes a nonce of 25 characters or a whole number: %j", async (more, refused) => {
  const { api } = startRest();
  const { status, body } = await api("POST", path, { content: "x", ...more });
  expect(status).toBe(refused === undefined ? 200 : 400);
  expect(Object.keys(body.errors ?? {})).toEqual(refused === undefined ? [] : [refused]);
});

it("posts a reply, which pings the author of the other message unless told otherwise", async () => {
  const { api, simulator } = startRest();
  const { world } = simulator;
  const { id } = (await api("POST", path, { content: "x" })).body;
  const author = world.users.get(linus);
  world.messages.get(general)?.set(id, { ...world.messages.get(general)?.get(id), author } as APIMessage);
  const reply = async (more: object = {}, reference: object = {}) =>
    (await api("POST", path, { content: "y", message_reference: { message_id: id, ...reference }, ...more })).body;
  const made = await reply();
  expect(made).toMatchObject({
    type: 19,
    message_reference: { type: 0, channel_id: general, message_id: id, guild_id: "1100000000000000100" },
    referenced_message: { id, content: "x" },
    mentions: [{ id: linus }],
  });
  expect((await reply({ allowed_mentions: { parse: [] } })).mentions).toEqual([]);
  expect((await reply({ allowed_mentions: { replied_user: true } })).mentions).toMatchObject([{ id: linus }]);
  expect((await reply({ content: `<@${linus}>` })).mentions).toMatchObject([{ id: linus }]);
  expect((await api("PATCH", `${path}/${made.id}`, { content: "z" })).body).toMatchObject({
    type: 19,
    mentions: [{ id: linus }],
  });
});

it("refuses a reply to no message of the channel, and posts it as a plain one where it may", async () => {
  const { api, simulator } = startRest();
  const reply = (message_reference: object) => api("POST", path, { content: "y", message_reference });
  const unknown = { code: 50_035, errors: { message_reference: { _errors: [{ message: "Unknown message" }] } } };
  expect((await reply({ message_id: "5" })).body).toMatchObject(unknown);
  const { id } = (await api("POST", path, { content: "x" })).body;
  expect((await reply({ message_id: id, channel_id: news })).body).toMatchObject(unknown);
  simulator.world.privateTo.set(id, linus);
  expect((await reply({ message_id: id })).body).toMatchObject(unknown);
  const plain = await reply({ message_id: "5", fail_if_not_exists: false });
  expect(plain).toMatchObject({ status: 200, body: { type: 0, content: "y" } });
  expect(plain.body).not.toHaveProperty("message_reference");
  expect((await reply({ message_id: "x" })).body).toMatchObject({
    errors: { message_reference: { message_id: { _errors: [{ code: "NUMBER_TYPE_COERCE" }] } } },
  });
  expect(await reply({ type: 1, message_id: id, channel_id: general })).toMatchObject({ status: 501 });
});

it("tells the nonce of a message to its sender alone", async () => {
  const { api } = startRest();
  const plain = (await api("POST", path, { content: "x" })).body;
  expect(plain).not.toHaveProperty("nonce");
  const { id, nonce } = (await api("POST", path, { content: "x", nonce: "n" })).body;
  expect(nonce).toBe("n");
  expect((await api("GET", `${path}/${id}`)).body).not.toHaveProperty("nonce");
  const numbered = async (nonce: unknown) =>
    (await api("POST", path, { content: "x", nonce, enforce_nonce: true })).body.id;
  expect(await numbered(1)).not.toBe(await numbered("1"));
  expect((await api("POST", path, { content: "x", enforce_nonce: true })).body.id).not.toBe(
    (await api("POST", path, { content: "x", enforce_nonce: true })).body.id,
  );
});

it("refuses channels that the bot cannot see, and groups", async () => {
  const { api, simulator } = startRest();
  for (const id of [hidden, simulator.world.groupChannel.id]) {
    for (const at of [`/channels/${id}`, `/channels/${id}/messages`])
      expect(await api("GET", at)).toMatchObject({ status: 403, body: { code: 50_001 } });
    expect((await api("POST", `/channels/${id}/messages`, { content: "x" })).status).toBe(403);
  }
  expect((await api("GET", `/channels/${news}`)).body).toMatchObject({ id: news, name: "news" });
});

it("finds a message in its own channel alone", async () => {
  const { api } = startRest();
  const { id } = (await api("POST", path, { content: "x" })).body;
  expect((await api("GET", `/channels/${news}/messages/${id}`)).body).toMatchObject({ code: 10_008 });
  expect((await api("DELETE", `/channels/${news}/messages/${id}`)).status).toBe(404);
  expect((await api("GET", `${path}/${id}`)).body).toMatchObject({ id });
});

it("opens direct messages with people, and with no bot or unknown one", async () => {
  const { api, simulator } = startRest();
  const open = async (recipient_id: unknown) => (await api("POST", "/users/@me/channels", { recipient_id })).body;
  const { id } = await open(linus);
  expect(await open(linus)).toMatchObject({ id, type: 1, recipients: [{ id: linus }] });
  expect((await api("GET", `/channels/${id}`)).body).toMatchObject({ id });
  for (const other of [simulator.world.bot.id, "5"]) expect(await open(other)).toMatchObject({ code: 10_013 });
  expect(await open("x")).toMatchObject({
    code: 50_035,
    errors: { recipient_id: { _errors: [{ code: "NUMBER_TYPE_COERCE" }] } },
  });
  expect(await api("POST", "/users/@me/channels", [])).toMatchObject({
    status: 400,
    body: { errors: { _errors: [{ code: "MODEL_TYPE_CONVERT" }] } },
  });
});

it("describes the application and its bot", async () => {
  const { api, simulator } = startRest();
  for (const at of ["/applications/@me", "/oauth2/applications/@me"]) {
    expect((await api("GET", at)).body).toMatchObject({
      id: simulator.applicationId,
      name: "Sandpiper",
      description: "",
      icon: null,
      bot: simulator.world.bot,
      owner: simulator.world.users.get("1100000000000000011"),
      team: null,
      bot_public: true,
      bot_require_code_grant: false,
      flags: 0,
      interactions_endpoint_url: expect.stringMatching(/\/interactions$/),
      verify_key: expect.stringMatching(/^[0-9a-f]{64}$/),
      integration_types_config: { "0": {}, "1": {} },
    });
  }
  expect((await api("GET", "/nothing")).body).toEqual({
    message: "501: the simulator does not implement GET /api/v10/nothing. Add it in local/discord/rest.",
    code: 0,
  });
});

it("tells each request with its path, and the interaction and the exchange that it belongs to", async () => {
  const { api, simulator, clock } = startRest();
  const told: object[] = [];
  simulator.on((event) => void (event.type === "rest" && told.push(event)));
  await api("GET", `${path}?limit=2`, undefined, { "X-Sandpiper-Exchange": "7" });
  await api("POST", path, {});
  const record = { token: "t" };
  (simulator.interactions as unknown as Map<string, object>).set("t", record);
  await api("GET", "/webhooks/1/t/messages/@original", undefined, { Authorization: "" });
  await api("GET", "/webhooks/1/other", undefined, { Authorization: "" });
  expect(told).toMatchObject([
    { type: "rest", method: "GET", path: `${path}?limit=2`, status: 200 },
    { method: "POST", path, status: 400, at: clock.now() - 2_000 },
    { path: "/webhooks/1/t/messages/@original", record: { token: "t" } },
    { path: "/webhooks/1/other" },
  ]);
  for (const { ms } of told as { ms: number }[]) expect(ms).toBeLessThan(5_000);
  expect(told.map((one) => "record" in one)).toEqual([false, false, true, false]);
});

it("reads JSON from a form too, and refuses a form without end", async () => {
  const { simulator } = startRest();
  const send = async (body: BodyInit, more: Record<string, string> = {}) => {
    const headers = { Authorization: `Bot ${simulator.botToken}`, ...more };
    const response = await simulator.app.request(`/api/v10${path}`, { method: "POST", headers, body });
    return [response.status, await response.json()];
  };
  const form = (part?: string | Blob) => {
    const made = new FormData();
    if (part !== undefined) made.append("payload_json", part);
    return made;
  };
  expect(await send(form('{"content":"a"}'))).toMatchObject([200, { content: "a" }]);
  expect(await send(form(new Blob(['{"content":"b"}'])))).toMatchObject([200, { content: "b" }]);
  expect(await send(form())).toMatchObject([400, { code: 50_006 }]);
  expect(await send(form("{"))).toMatchObject([400, { code: 50_109 }]);
  expect(await send("x", { "Content-Type": "multipart/form-data; boundary=y" })).toMatchObject([400, { code: 50_109 }]);
});
