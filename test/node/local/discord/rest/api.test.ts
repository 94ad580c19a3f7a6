import { describe, expect, it } from "vitest";
import { says, startBot } from "../support.ts";

const harbour = "1100000000000000100";
const general = "1100000000000000111";
const hidden = "1100000000000000113";
const linus = "1100000000000000013";
const unknown = "1999999999999999999";

/** Starts a bot, lets it answer an interaction, and returns the token of that interaction. */
async function answered(content = "first") {
  const bot = await startBot(says(content));
  const { interaction, messages } = await bot.simulator.command("/ping");
  return {
    ...bot,
    token: interaction.token,
    base: `/webhooks/${bot.simulator.applicationId}/${interaction.token}`,
    messages,
  };
}

it("refuses a wrong bot token with Discord's error", async () => {
  const { api } = await startBot(says("x"));
  expect(await api("GET", "/users/@me", undefined, { Authorization: "Bot wrong" })).toMatchObject({
    status: 401,
    body: { message: "401: Unauthorized", code: 0 },
  });
});

it.each([
  ["GET", "/users/@me", { username: "sandpiper", bot: true }],
  ["GET", `/users/${linus}`, { username: "linus", global_name: null }],
  ["GET", "/applications/@me", { name: "Sandpiper" }],
  ["GET", "/oauth2/applications/@me", { name: "Sandpiper" }],
  ["GET", `/guilds/${harbour}?with_counts=true`, { name: "The Harbour", approximate_member_count: 6 }],
  ["GET", `/guilds/${harbour}/members/${linus}`, { user: { username: "linus" }, roles: ["1100000000000000102"] }],
  ["GET", `/channels/${general}`, { name: "general", guild_id: harbour }],
])("answers %s %s", async (method, path, body) => {
  const { api } = await startBot(says("x"));
  expect(await api(method, path)).toMatchObject({ status: 200, body });
});

it("lists a guild's channels without threads, its roles, and pages of its members", async () => {
  const { api } = await startBot(says("x"));
  const channels = (await api("GET", `/guilds/${harbour}/channels`)).body as { name: string }[];
  expect(channels.map(({ name }) => name)).toEqual(["Piers", "general", "news", "moderators", "Radio"]);
  expect((await api("GET", `/guilds/${harbour}/roles`)).body).toHaveLength(4);
  const first = (await api("GET", `/guilds/${harbour}/members?limit=2`)).body as { user: { id: string } }[];
  const next = (await api("GET", `/guilds/${harbour}/members?limit=1000&after=${first[1]?.user.id}`)).body;
  expect([first.length, (next as unknown[]).length]).toEqual([2, 4]);
});

it.each([
  ["GET", `/users/${unknown}`, 404, 10_013],
  ["GET", `/guilds/${unknown}`, 404, 10_004],
  ["GET", `/channels/${unknown}`, 404, 10_003],
  ["GET", `/guilds/${harbour}/members/1100000000000000016`, 404, 10_007],
  ["GET", `/channels/${general}/messages/${unknown}`, 404, 10_008],
  ["PUT", `/guilds/${harbour}/members/${linus}/roles/${unknown}`, 404, 10_011],
  ["GET", `/channels/${hidden}`, 403, 50_001],
])("refuses %s %s with Discord's error", async (method, path, status, code) => {
  const { api } = await startBot(says("x"));
  expect(await api(method, path)).toMatchObject({ status, body: { code } });
});

it("answers 501 to a route that the simulator lacks", async () => {
  const { api } = await startBot(says("x"));
  expect(await api("GET", `/guilds/${harbour}/emojis`)).toMatchObject({
    status: 501,
    body: { message: expect.stringContaining("/emojis") },
  });
});

it.each(["null", "[]", "5", '"x"'])("refuses the body %s on each route with Discord's error", async (body) => {
  const { api, base, simulator } = await answered();
  const posted = (await api("POST", `/channels/${general}/messages`, { content: "x" })).body as { id: string };
  const application = `/applications/${simulator.applicationId}`;
  for (const [method, path] of [
    ["POST", `/channels/${general}/messages`],
    ["PATCH", `/channels/${general}/messages/${posted.id}`],
    ["PATCH", `/guilds/${harbour}/members/${linus}`],
    ["POST", "/users/@me/channels"],
    ["PATCH", "/applications/@me"],
    ["POST", `${application}/commands`],
    ["PATCH", `${application}/commands/${simulator.commands()[0]?.id}`],
    ["POST", `${application}/entitlements`],
    ["POST", base],
    ["PATCH", `${base}/messages/@original`],
  ] as const)
    expect([path, await api(method, path, body)]).toMatchObject([path, { status: 400, body: { code: 50_035 } }]);
  const replaced = await api("PUT", `${application}/commands`, body);
  expect(replaced).toMatchObject(body === "[]" ? { status: 200, body: [] } : { status: 400, body: { code: 50_035 } });
});

it("refuses a body without a content type, and takes a form without JSON for an empty one", async () => {
  const { simulator } = await startBot(says("x"));
  const post = async (body: BodyInit, headers: Record<string, string> = {}) => {
    const authorised = { Authorization: `Bot ${simulator.botToken}`, ...headers };
    const path = `/api/v10/channels/${general}/messages`;
    const response = await simulator.app.request(path, { method: "POST", headers: authorised, body });
    return [response.status, ((await response.json()) as { code?: number }).code];
  };
  expect(await post(new TextEncoder().encode("{}"))).toEqual([400, 50_035]);
  const form = new FormData();
  form.set("payload", "x");
  expect(await post(form)).toEqual([400, 50_006]);
  form.set("payload_json", "{");
  expect(await post(form)).toEqual([400, 50_109]);
  form.set("payload_json", new Blob(['{"content":"x"}']));
  expect(await post(form)).toEqual([200, undefined]);
  expect(await post("x", { "Content-Type": "multipart/form-data; boundary=b" })).toEqual([400, 50_109]);
});

it("adds and removes roles, and changes members", async () => {
  const { api, simulator } = await startBot(says("x"));
  const member = `/guilds/${harbour}/members/${linus}`;
  const roles = simulator.world.guilds.get(harbour)?.roles;
  for (const role of roles?.values() ?? []) roles?.set(role.id, { ...role, permissions: "8" });
  expect((await api("PUT", `${member}/roles/1100000000000000101`)).status).toBe(204);
  expect((await api("DELETE", `${member}/roles/1100000000000000102`)).status).toBe(204);
  expect((await api("PATCH", member, { nick: "Finn" })).body).toMatchObject({
    nick: "Finn",
    roles: ["1100000000000000101"],
  });
});

describe("messages", () => {
  const messages = `/channels/${general}/messages`;

  it("posts, reads, edits and deletes messages", async () => {
    const { api } = await startBot(says("x"));
    const { id } = (await api("POST", messages, { content: "one", nonce: 7 })).body as { id: string };
    expect((await api("GET", `${messages}/${id}`)).body).toMatchObject({ content: "one", edited_timestamp: null });
    expect((await api("PATCH", `${messages}/${id}`, { content: "two" })).body).toMatchObject({
      content: "two",
      edited_timestamp: expect.any(String),
    });
    await api("POST", messages, { content: "three" });
    const list = (await api("GET", messages)).body as { content: string }[];
    expect(list.map(({ content }) => content)).toEqual(["three", "two"]);
    expect((await api("DELETE", `${messages}/${id}`)).status).toBe(204);
    expect((await api("DELETE", `${messages}/${id}`)).status).toBe(404);
  });

  it("sends a message once for an enforced nonce", async () => {
    const { api } = await startBot(says("x"));
    const post = () => api("POST", messages, { content: "once", nonce: "n1", enforce_nonce: true });
    const [first, second] = [await post(), await post()];
    expect(second.body).toMatchObject({ id: (first.body as { id: string }).id });
    expect((await api("GET", messages)).body).toHaveLength(1);
  });

  it("sends a message again for a nonce that is some minutes old, not enforced, or of another channel", async () => {
    const { api, clock } = await startBot(says("x"));
    const post = async (more: object, channel = general) =>
      (await api("POST", `/channels/${channel}/messages`, { content: "x", nonce: "n1", ...more })).body as {
        id: string;
      };
    const enforced = { enforce_nonce: true };
    const first = await post(enforced);
    await clock.advance(3 * 60_000 - 1);
    expect((await post(enforced)).id).toBe(first.id);
    const others = [await post({}), await post(enforced, "1100000000000000112")];
    await clock.advance(1);
    others.push(await post(enforced));
    expect(new Set([first, ...others].map(({ id }) => id)).size).toBe(4);
  });

  it("refuses to change the message of a person", async () => {
    const { api, simulator } = await startBot(says("x"));
    const { id } = (await api("POST", messages, { content: "one" })).body as { id: string };
    const message = simulator.message(id);
    Object.assign(message ?? {}, { author: simulator.world.users.get(linus) });
    expect(await api("PATCH", `${messages}/${id}`, { content: "two" })).toMatchObject({
      status: 403,
      body: { code: 50_005 },
    });
    expect(simulator.message(id)?.content).toBe("one");
  });

  it.each([
    [{}, 50_006, undefined],
    [{ content: "x".repeat(2_001) }, 50_035, { content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH" }] } }],
    [{ content: "x", flags: 64 }, 50_035, { flags: { _errors: [{ code: "MESSAGE_FLAGS_INVALID" }] } }],
    [
      { embeds: [{ title: "x".repeat(257) }] },
      50_035,
      { embeds: { "0": { title: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH" }] } } } },
    ],
  ])("refuses the message %j with Discord's error", async (body, code, errors) => {
    const { api } = await startBot(says("x"));
    expect(await api("POST", messages, body)).toMatchObject({ status: 400, body: { code, ...(errors && { errors }) } });
  });

  it("refuses a body that is not JSON or has no content type", async () => {
    const { api } = await startBot(says("x"));
    expect(await api("POST", messages, "{")).toMatchObject({ status: 400, body: { code: 50_109 } });
    expect(await api("POST", messages, "{}", { "Content-Type": "text/plain" })).toMatchObject({
      status: 400,
      body: { code: 50_035 },
    });
  });

  it("opens one channel of direct messages per user", async () => {
    const { api } = await startBot(says("x"));
    const { id } = (await api("POST", "/users/@me/channels", { recipient_id: linus })).body as { id: string };
    expect((await api("POST", "/users/@me/channels", { recipient_id: linus })).body).toMatchObject({ id });
    expect((await api("POST", `/channels/${id}/messages`, { content: "psst" })).status).toBe(200);
    expect(await api("POST", "/users/@me/channels", {})).toMatchObject({ status: 400, body: { code: 50_035 } });
  });
});

describe("an interaction's webhook", () => {
  const bare = { Authorization: "" };

  it("reads, edits and deletes the original answer without the bot's token", async () => {
    const { api, base } = await answered();
    expect((await api("GET", `${base}/messages/@original`, undefined, bare)).body).toMatchObject({ content: "first" });
    expect((await api("PATCH", `${base}/messages/@original`, { content: "second" }, bare)).body).toMatchObject({
      content: "second",
    });
    expect((await api("DELETE", `${base}/messages/@original`, undefined, bare)).status).toBe(204);
    expect(await api("GET", `${base}/messages/@original`, undefined, bare)).toMatchObject({
      status: 404,
      body: { code: 10_008 },
    });
  });

  it("sends follow-ups and edits them", async () => {
    const { api, base } = await answered();
    const { id } = (await api("POST", base, { content: "more" }, bare)).body as { id: string };
    expect((await api("PATCH", `${base}/messages/${id}`, { content: "even more" }, bare)).body).toMatchObject({
      content: "even more",
    });
    expect((await api("DELETE", `${base}/messages/${id}`, undefined, bare)).status).toBe(204);
    expect(await api("POST", base, {}, bare)).toMatchObject({ status: 400, body: { code: 50_006 } });
  });

  it("refuses an interaction's token after fifteen minutes, and a wrong token or application", async () => {
    const { api, base, clock, simulator } = await answered();
    expect(await api("POST", `/webhooks/${simulator.applicationId}/wrong`, { content: "x" })).toMatchObject({
      status: 404,
      body: { code: 10_015 },
    });
    expect(await api("POST", base.replace(simulator.applicationId, unknown), { content: "x" })).toMatchObject({
      status: 404,
      body: { code: 10_015 },
    });
    await clock.advance(15 * 60_000);
    expect((await api("POST", base, { content: "in time" })).status).toBe(200);
    await clock.advance(1);
    expect(await api("POST", base, { content: "late" })).toMatchObject({ status: 401, body: { code: 50_027 } });
  });

  it("allows more than five follow-ups where the server installed the application", async () => {
    const { api, base } = await answered();
    for (let index = 0; index < 7; index++)
      expect((await api("POST", base, { content: String(index) }, bare)).status).toBe(200);
  });

  it("allows five follow-ups where only the person installed the application", async () => {
    const { api, simulator } = await startBot(says("x"));
    const { interaction } = await simulator.send({
      type: 2,
      channel_id: general,
      authorizing_integration_owners: { "1": linus },
    });
    const base = `/webhooks/${simulator.applicationId}/${interaction.token}`;
    for (let i = 0; i < 5; i++) expect((await api("POST", base, { content: String(i) })).status).toBe(200);
    expect(await api("POST", base, { content: "6" })).toMatchObject({ status: 400, body: { code: 40_094 } });
  });
});

describe("rate limits", () => {
  it("states rate limits in headers and enforces them per bucket", async () => {
    const { api, clock } = await startBot(says("x"));
    const read = () => api("GET", `/channels/${general}`);
    const first = await read();
    expect(first.headers.get("X-RateLimit-Limit")).toBe("10");
    expect(first.headers.get("X-RateLimit-Remaining")).toBe("9");
    expect(first.headers.get("X-RateLimit-Bucket")).toMatch(/^[0-9a-f]+$/);
    for (let i = 0; i < 9; i++) expect((await read()).status).toBe(200);
    const limited = await read();
    expect(limited).toMatchObject({ status: 429, body: { retry_after: 1, global: false } });
    expect(limited.headers.get("Retry-After")).toBe("1");
    expect(limited.headers.get("X-RateLimit-Scope")).toBe("user");
    expect((await api("GET", "/users/@me")).status).toBe(200);
    await clock.advance(1_000);
    expect((await read()).status).toBe(200);
  });

  it("takes fifty requests a second over all buckets", async () => {
    const { api, clock } = await startBot(says("x"));
    const read = (index: number) => api("GET", `/users/${BigInt(unknown) - BigInt(index)}`);
    for (let index = 0; index < 50; index++) expect((await read(index)).status).toBe(404);
    const limited = await read(50);
    expect(limited).toMatchObject({ status: 429, body: { global: true, retry_after: 1 } });
    expect([limited.headers.get("X-RateLimit-Scope"), limited.headers.get("X-RateLimit-Global")]).toEqual([
      "global",
      "true",
    ]);
    await clock.advance(999);
    expect((await read(51)).status).toBe(429);
    await clock.advance(1);
    expect((await read(52)).status).toBe(404);
  });

  it("answers 429 and 502 on demand", async () => {
    const { api, simulator } = await startBot(says("x"));
    simulator.setRestFault({ status: 429, times: 1, retryAfter: 0.5 });
    expect(await api("GET", "/users/@me")).toMatchObject({ status: 429, body: { retry_after: 0.5 } });
    simulator.setRestFault({ status: 502, times: 1 });
    expect((await api("GET", "/users/@me")).status).toBe(502);
    expect((await api("GET", "/users/@me")).status).toBe(200);
  });
});
