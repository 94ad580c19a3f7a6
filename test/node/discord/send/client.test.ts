import { describe, expect, it } from "vitest";
import {
  createRestState,
  DiscordApiError,
  DiscordRateLimitError,
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
  const { rest, seen } = createDiscord();
  const { token: _none, ...withoutToken } = { token: undefined };
  const client = rest(withoutToken);
  await expect(createDiscord().rest({ token: "" }).get("/users/@me")).rejects.toMatchObject({ status: 401 });
  await expect(client.get("/webhooks/1/secret/messages/@original")).rejects.toMatchObject({ code: 10_015 });
  expect(seen[0]?.headers.get("Authorization")).toBeNull();
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

describe("rate limits", () => {
  it("waits before a bucket is empty, so that Discord never answers 429", async () => {
    const { rest, drive, seen, clock } = createDiscord();
    const client = rest();
    const startedAt = clock.now();
    for (let index = 0; index < 25; index++) await drive(client.get("/users/@me"));
    expect(seen).toHaveLength(25);
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(2_000);
  });

  it("shares rate limits with the other invocations of its isolate", async () => {
    const { rest, drive, seen } = createDiscord();
    const state = createRestState();
    for (let index = 0; index < 12; index++) await drive(rest({ state }).get("/users/@me"));
    expect(seen).toHaveLength(12);
  });

  it.each([
    ["the body", { retry_after: 0.4, global: false }, {}],
    ["the header", {}, { "Retry-After": "1" }],
    ["neither", {}, {}],
  ])("waits as long as %s of a 429 says, and sends the call again", async (_name, body, headers) => {
    const { rest, drive, seen, answers } = createDiscord();
    answers.push(() => Response.json(body, { status: 429, headers }));
    await drive(rest().get("/users/@me"));
    expect(seen).toHaveLength(2);
  });

  it("holds calls back at a global limit, except those with an interaction's token", async () => {
    const { rest, drive, seen, answers, clock } = createDiscord();
    const state = createRestState();
    answers.push(() => Response.json({ retry_after: 2, global: true }, { status: 429 }));
    const startedAt = clock.now();
    const first = rest({ state }).get("/users/@me");
    await expect(rest({ state }).get("/webhooks/1/token/messages/@original")).rejects.toMatchObject({ code: 10_015 });
    expect(clock.now()).toBe(startedAt);
    await drive(Promise.all([first, rest({ state }).get(channel)]));
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(2_000);
    expect(seen).toHaveLength(4);
  });

  it("rejects a call at once when the rate limit lasts longer than the call may take", async () => {
    const { rest, seen, answers, clock } = createDiscord();
    answers.push(() => Response.json({ retry_after: 60 }, { status: 429 }));
    const startedAt = clock.now();
    const client = rest({ timeoutMs: 1_000 });
    await expect(client.get("/users/@me")).rejects.toThrow(DiscordRateLimitError);
    await expect(client.get("/users/@me")).rejects.toThrow(/rate limited for another 60000 ms/);
    expect([seen.length, clock.now() - startedAt]).toEqual([1, 0]);
  });

  it("rejects a call after four 429s in a row", async () => {
    const { rest, drive, seen, answers } = createDiscord();
    for (let index = 0; index < 10; index++) answers.push(() => Response.json({ retry_after: 0.1 }, { status: 429 }));
    await expect(drive(rest().get("/users/@me"))).rejects.toMatchObject({ status: 429 });
    expect(seen).toHaveLength(4);
  });
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

it("rejects a call that Discord leaves unanswered once its time is over on the clock", async () => {
  const { rest, drive, clock, answers } = createDiscord();
  answers.push(() => new Promise<Response>(() => {}));
  const startedAt = clock.now();
  const stalled = rest({ timeoutMs: 3_000 }).post(`${channel}/messages`, { body: {} });
  await expect(drive(stalled)).rejects.toThrow("Discord did not answer: out of time");
  expect(clock.now() - startedAt).toBe(3_000);
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
