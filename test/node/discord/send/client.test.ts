import { describe, expect, it } from "vitest";
import {
  createRest,
  createRestState,
  DiscordApiError,
  DiscordUnreachableError,
} from "../../../../src/discord/index.ts";
import { createDiscord } from "../../support.ts";

const channel = "/channels/1100000000000000111";

it("sends user agent, token and audit log reason, and returns the answer", async () => {
  const { rest, seen, simulator } = createDiscord();
  const user = await rest().get<{ username: string }>("/users/@me", { reason: "wegen ä" });
  expect(user.username).toBe("sandpiper");
  const { headers } = seen[0] ?? { headers: new Headers() };
  expect(headers.get("User-Agent")).toMatch(
    /^DiscordBot \(https:\/\/discord\.com\/application-directory\/\d+, \d+\.\d+\.\d+\)$/,
  );
  expect(headers.get("Authorization")).toBe(`Bot ${simulator.botToken}`);
  expect(headers.get("X-Audit-Log-Reason")).toBe("wegen%20%C3%A4");
});

it("sends JSON, queries and files, and returns undefined for 204", async () => {
  const { rest } = createDiscord();
  const client = rest();
  const sent = await client.post<{ id: string; content: string }>(`${channel}/messages`, { body: { content: "hi" } });
  expect(sent.content).toBe("hi");
  const files = [{ name: "a.txt", data: "abc" }];
  await client.post(`${channel}/messages`, { body: { content: "file" }, files });
  expect(await client.get(`${channel}/messages`, { query: { limit: 1 } })).toHaveLength(1);
  expect(await client.delete(`${channel}/messages/${sent.id}`)).toBeUndefined();
});

it("says of a body that it is JSON, unless there is none or files are beside it", async () => {
  const { rest, seen } = createDiscord();
  const client = rest();
  const body = { content: "hi" };
  await client.get("/users/@me");
  await client.post(`${channel}/messages`, { body, files: [] });
  await client.post(`${channel}/messages`, { body, files: [{ name: "a.txt", data: "abc" }] });
  expect(seen.map(({ headers }) => headers.get("Content-Type"))).toEqual([
    null,
    "application/json",
    expect.stringMatching(/^multipart\/form-data; boundary=/),
  ]);
  expect(seen[2]?.body).toContain("Content-Type: application/octet-stream");
});

it("tells of each attempt its route, its status and its time, and 0 of one without an answer", async () => {
  const { rest, drive, answers, clock } = createDiscord();
  const told: unknown[] = [];
  const routes: string[] = [];
  const client = rest({
    onAttempt: (attempt) => void told.push(attempt),
    around: (route, send) => (routes.push(route), send()),
  });
  answers.push(
    () => new Response("", { status: 502 }),
    () => Promise.reject(new TypeError("connection lost")),
    () => Response.json({}),
  );
  await drive(client.patch("/webhooks/1/token/messages/1", { body: {} }));
  answers.push(async () => (await clock.advance(30), Response.json({})));
  await client.patch("/webhooks/1/token/messages/1", { body: {} });
  const route = "PATCH /webhooks/1/:token/messages/1";
  expect(routes).toEqual([route, route, route, route]);
  expect(told).toEqual([
    { route, status: 502, ms: 0 },
    { route, status: 0, ms: 0 },
    { route, status: 200, ms: 0 },
    { route, status: 200, ms: 30 },
  ]);
});

it("does not repeat the bot's token, which a platform quotes in its error", async () => {
  const { rest } = createDiscord();
  const fetch = () => Promise.reject(new TypeError('"Bot secret-token" is an invalid header'));
  const failed = rest({ token: "secret-token", fetch, timeoutMs: 0 }).get("/users/@me");
  await expect(failed).rejects.toThrow('GET /users/@me: Discord did not answer: "Bot …" is an invalid header');
});

it("throws an error with Discord's code and every wrong field", async () => {
  const { rest } = createDiscord();
  const failed = rest().post(`${channel}/messages`, { body: { content: "x".repeat(2_001) } });
  await expect(failed).rejects.toThrow(DiscordApiError);
  await expect(failed).rejects.toMatchObject({
    status: 400,
    code: 50_035,
    fields: [{ path: "content", code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }],
    message: expect.stringContaining("POST /channels/1100000000000000111/messages: HTTP 400, 50035"),
  });
});

it("needs the bot's token for every path but those with an interaction's token", async () => {
  const { fetch, seen } = createDiscord();
  const baseUrl = "http://discord.test/api/v10";
  const client = createRest({ baseUrl, applicationId: "1", state: createRestState(), fetch });
  await expect(client.get("/users/@me")).rejects.toThrow("GET /users/@me: DISCORD_BOT_TOKEN is missing.");
  expect(seen).toEqual([]);
  await expect(client.get("/webhooks/1/secret/messages/@original")).rejects.toMatchObject({ code: 10_015 });
  expect(seen.map(({ headers }) => headers.get("Authorization"))).toEqual([null]);
});

it("keeps interaction tokens out of errors", async () => {
  const { rest } = createDiscord();
  const error: unknown = await rest()
    .post("/webhooks/1100000000000000001/very-secret-token", { body: {} })
    .catch((error: unknown) => error);
  expect(String(error)).toContain("POST /webhooks/1100000000000000001/:token");
  expect(JSON.stringify([String(error), error])).not.toContain("very-secret-token");
});

it.each([
  "/channels/../users/@me",
  "/channels/%2e%2E/users/@me",
  "/channels/./messages",
  "/channels//messages",
  "/channels/1#/messages",
  String.raw`/channels/1\..\users`,
  "/channels/1 2/messages",
  "@evil.test/channels/1",
  "channels/1",
  "",
])("sends nothing to the path %j, which leads elsewhere", async (path) => {
  const { rest, seen } = createDiscord();
  await expect(rest().get(path)).rejects.toThrow(RangeError);
  expect(seen).toEqual([]);
});

describe("Discord's bad days", () => {
  it("repeats a call that may run twice after a 502, and not a POST", async () => {
    const { rest, drive, seen, answers } = createDiscord();
    const bad = () => new Response("<html>502</html>", { status: 502 });
    answers.push(bad, bad);
    await drive(rest().get("/users/@me"));
    expect(seen).toHaveLength(3);
    answers.push(bad);
    await expect(drive(rest().post(`${channel}/messages`, { body: { content: "x" } }))).rejects.toMatchObject({
      status: 502,
      code: 0,
    });
    expect(seen).toHaveLength(4);
  });

  it.each([
    [0, [200, 400, 800]],
    [0.5, [300, 600, 1_200]],
    [1, [400, 800, 1_600]],
  ])("pauses longer before each try, by chance: %d", async (chance, expected) => {
    const { rest, drive, seen, answers, clock } = createDiscord();
    const bad = () => new Response("", { status: 503 });
    answers.push(bad, bad, bad);
    await drive(rest({ clock: { ...clock, random: () => chance } }).get("/users/@me"));
    expect(seen.slice(1).map(({ at }, index) => at - (seen[index]?.at ?? 0))).toEqual(expected);
  });

  it("rejects with the reason when Discord cannot be reached", async () => {
    const { rest, drive, seen, answers } = createDiscord();
    const lost = () => Promise.reject(new TypeError("connection lost"));
    answers.push(lost, lost, lost, lost, lost);
    await expect(drive(rest().get("/users/@me"))).rejects.toThrow(DiscordUnreachableError);
    expect(seen).toHaveLength(4);
    await expect(drive(rest().post(`${channel}/messages`, { body: {} }))).rejects.toThrow("connection lost");
    expect(seen).toHaveLength(5);
  });
});

it.each([
  ["its own", 2_000, { timeoutMs: 3_000 }, { timeoutMs: 2_000 }],
  ["its client's", 3_000, { timeoutMs: 3_000 }, {}],
  ["ten seconds", 10_000, {}, {}],
])("rejects a call that Discord leaves unanswered once %s are over on the clock", async (_whose, ms, client, call) => {
  const { rest, drive, clock, answers } = createDiscord();
  answers.push(() => new Promise<Response>(() => {}));
  const startedAt = clock.now();
  const stalled = rest(client).post(`${channel}/messages`, { body: {}, ...call });
  await expect(drive(stalled)).rejects.toThrow("Discord did not answer: out of time");
  expect(clock.now() - startedAt).toBe(ms);
  expect(clock.sleeping()).toBe(0);
});

describe("a refusal", () => {
  it("remembers a refusal for a while: 401 for every path, 403 and 404 for the same method and path", async () => {
    const { rest, drive, seen, clock } = createDiscord();
    const state = createRestState();
    const ask = (path: string) => drive(rest({ state }).get(path));
    for (let index = 0; index < 5; index++) await expect(ask("/users/404")).rejects.toMatchObject({ status: 404 });
    expect(seen).toHaveLength(1);
    await expect(ask("/users/404")).rejects.toMatchObject({ isRemembered: true });
    await clock.advance(31_000);
    await expect(ask("/users/404")).rejects.toMatchObject({ isRemembered: false });

    const wrong = { state: createRestState(), token: "wrong" };
    await expect(drive(rest(wrong).get("/users/@me"))).rejects.toMatchObject({ status: 401 });
    await expect(drive(rest(wrong).get(channel))).rejects.toMatchObject({ status: 401, isRemembered: true });
    expect(seen).toHaveLength(3);
  });

  it.each([
    [401, 60_000],
    [403, 30_000],
    [404, 30_000],
  ])("remembers a %i for %i ms, and asks again then", async (status, ms) => {
    const { rest, drive, seen, answers, clock } = createDiscord();
    const state = createRestState();
    answers.push(() => Response.json({ message: "No", code: 50_001 }, { status }));
    const ask = () => drive(rest({ state }).get("/users/@me"));
    await expect(ask()).rejects.toMatchObject({ status, isRemembered: false });
    await clock.advance(ms - 1);
    await expect(ask()).rejects.toMatchObject({ status, code: 50_001, isRemembered: true });
    expect(seen).toHaveLength(1);
    await clock.advance(1);
    expect(await ask()).toMatchObject({ username: "sandpiper" });
  });

  it.each([400, 405, 409, 500])("remembers no %i", async (status) => {
    const { rest, drive, answers } = createDiscord();
    const client = rest();
    for (let count = 0; count < 4; count++) answers.push(() => Response.json({ message: "No", code: 1 }, { status }));
    await expect(drive(client.get("/users/@me"))).rejects.toMatchObject({ status });
    answers.length = 0;
    expect(await drive(client.get("/users/@me"))).toMatchObject({ username: "sandpiper" });
  });

  it("lets a PUT create the resource that a GET did not find", async () => {
    const { rest, drive, seen, answers } = createDiscord();
    const state = createRestState();
    const path = `${channel}/messages/1/reactions/x/@me`;
    answers.push(() => Response.json({ message: "Unknown", code: 10_014 }, { status: 404 }));
    await expect(drive(rest({ state }).get(path))).rejects.toMatchObject({ status: 404 });
    answers.push(() => new Response(null, { status: 204 }));
    await drive(rest({ state }).put(path));
    await expect(drive(rest({ state }).get(path))).rejects.toMatchObject({ status: 404, isRemembered: true });
    expect(seen.map(({ method }) => method)).toEqual(["GET", "PUT"]);
  });

  it("remembers a 401 for an interaction's token at that path alone", async () => {
    const { rest, drive, seen, answers } = createDiscord();
    const state = createRestState();
    answers.push(() => Response.json({ message: "Invalid Webhook Token", code: 50_027 }, { status: 401 }));
    const post = (token: string) => drive(rest({ state }).post(`/webhooks/1100000000000000001/${token}`, { body: {} }));
    await expect(post("old")).rejects.toMatchObject({ status: 401, isRemembered: false });
    await expect(post("old")).rejects.toMatchObject({ status: 401, isRemembered: true });
    answers.push(() => Response.json({ id: "1" }));
    expect(await post("new")).toEqual({ id: "1" });
    expect(await drive(rest({ state }).get(channel))).toMatchObject({ name: "general" });
    expect(seen).toHaveLength(3);
  });

  it("sends a refused call again when the caller asks for a fresh answer", async () => {
    const { rest, drive, seen } = createDiscord();
    const client = rest();
    for (let index = 0; index < 3; index++) {
      await expect(drive(client.get("/users/404", { isFresh: true }))).rejects.toMatchObject({ status: 404 });
    }
    expect(seen).toHaveLength(3);
  });
});
