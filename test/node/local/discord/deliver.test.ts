import { verifyKey } from "discord-interactions";
import { describe, expect, it } from "vitest";
import { type Bot, says, startBot } from "./support.ts";

const original = ({ simulator }: Bot, token: string) =>
  `/webhooks/${simulator.applicationId}/${token}/messages/@original`;

it("signs the timestamp in seconds and the raw body, as Discord does", async () => {
  let request: Request | undefined;
  let body = "";
  const { simulator, clock } = await startBot(async (incoming) => {
    request = incoming;
    body = await incoming.text();
    return Response.json({ type: 1 });
  });
  expect(await simulator.ping()).toMatchObject({ status: 200, answer: { kind: "pong" }, problems: [] });
  const timestamp = request?.headers.get("X-Signature-Timestamp") ?? "";
  const signature = request?.headers.get("X-Signature-Ed25519") ?? "";
  expect(Number(timestamp)).toBe(clock.now() / 1_000);
  expect(signature).toMatch(/^[0-9a-f]{128}$/);
  expect(await verifyKey(body, signature, timestamp, simulator.publicKey)).toBe(true);
  expect(await verifyKey(`${body} `, signature, timestamp, simulator.publicKey)).toBe(false);
  expect(request?.headers.get("User-Agent")).toBe("Discord-Interactions/1.0 (+https://discord.com)");
});

it("sends every field that Discord sends with an interaction from a guild", async () => {
  let payload: Record<string, unknown> = {};
  const { simulator } = await startBot(async (request) => {
    payload = (await request.json()) as typeof payload;
    return says("ok")();
  });
  await simulator.command("/show who:@linus any:Moderators where:#news count:3", { user: "grace.h" });
  expect(Object.keys(payload).toSorted()).toEqual(
    `app_permissions application_id attachment_size_limit authorizing_integration_owners channel channel_id context data
    entitlements guild guild_id guild_locale id locale member token type version`.split(/\s+/),
  );
  expect(payload).toMatchObject({
    context: 0,
    authorizing_integration_owners: { "0": "1100000000000000100" },
    guild: { id: "1100000000000000100", locale: "en-US" },
    member: { nick: "Harbour master", user: { username: "grace.h" }, permissions: expect.stringMatching(/^\d+$/) },
    data: {
      name: "show",
      options: [
        { name: "count", type: 4, value: 3 },
        { name: "who", type: 6, value: "1100000000000000013" },
        { name: "where", type: 7, value: "1100000000000000112" },
        { name: "any", type: 9, value: "1100000000000000101" },
      ],
      resolved: {
        users: { "1100000000000000013": { username: "linus" } },
        members: { "1100000000000000013": { roles: ["1100000000000000102"] } },
        roles: { "1100000000000000101": { name: "Moderators" } },
        channels: { "1100000000000000112": { name: "news" } },
      },
    },
  });
  const { data } = payload as { data: { resolved: { members: Record<string, object> } } };
  expect(Object.keys(data.resolved.members["1100000000000000013"] ?? {})).not.toContain("user");
});

it("sends a user and no member with an interaction from a direct message", async () => {
  let payload: Record<string, unknown> = {};
  const { simulator } = await startBot(async (request) => {
    payload = (await request.json()) as typeof payload;
    return says("ok")();
  });
  await simulator.command("/ping", { user: "stranger", channel: "dm" });
  expect(payload).toMatchObject({
    context: 1,
    user: { username: "stranger" },
    authorizing_integration_owners: { "0": "0" },
  });
  expect(payload).not.toHaveProperty("member");
  expect(payload).not.toHaveProperty("guild");
});

describe("answers", () => {
  it("shows an inline message to the channel", async () => {
    const { simulator } = await startBot(says("**hello**"));
    expect(await simulator.command("/ping")).toMatchObject({
      status: 200,
      answer: { kind: "message" },
      messages: [{ content: "**hello**", author: { username: "sandpiper" } }],
      problems: [],
    });
  });

  it("accepts a multipart answer with files", async () => {
    const { simulator } = await startBot(() => {
      const form = new FormData();
      form.append("payload_json", JSON.stringify({ type: 4, data: { attachments: [{ id: 0, filename: "a.txt" }] } }));
      form.append("files[0]", new Blob(["text"]), "a.txt");
      return new Response(form);
    });
    expect(await simulator.command("/ping")).toMatchObject({ answer: { kind: "message" }, problems: [] });
  });

  it("accepts HTTP 202 and a callback by REST", async () => {
    const { simulator } = await startBot(async (request, { api }) => {
      const { id, token } = (await request.json()) as { id: string; token: string };
      const callback = await api("POST", `/interactions/${id}/${token}/callback?with_response=true`, {
        type: 4,
        data: { content: "by REST" },
      });
      expect(callback).toMatchObject({
        status: 200,
        body: { interaction: { id }, resource: { type: 4, message: { content: "by REST" } } },
      });
      expect(
        await api("POST", `/interactions/${id}/${token}/callback`, { type: 4, data: { content: "again" } }),
      ).toMatchObject({
        status: 400,
        body: { code: 40_060 },
      });
      return new Response(null, { status: 202 });
    });
    expect(await simulator.command("/ping")).toMatchObject({ messages: [{ content: "by REST" }], problems: [] });
  });

  it("waits for a deferred answer, and lets the deferral decide who sees it", async () => {
    const { simulator } = await startBot(async (request, bot) => {
      const { token } = (await request.json()) as { token: string };
      // It overtakes the deferral, and the simulator holds it until the deferral arrives.
      void bot.api("PATCH", original(bot, token), { content: "done" }, { Authorization: "" });
      return Response.json({ type: 5, data: { flags: 64 } });
    });
    expect(await simulator.command("/ping")).toMatchObject({
      answer: { kind: "message" },
      messages: [{ content: "done", flags: 64 }],
    });
  });

  it.each<[string, () => Response, RegExp]>([
    ["a 500", () => new Response("oops", { status: 500 }), /HTTP 500: oops/],
    ["no JSON", () => new Response("hello", { headers: { "Content-Type": "application/json" } }), /is not JSON/],
    ["HTML", () => new Response("<p>", { headers: { "Content-Type": "text/html" } }), /Content-Type "text\/html"/],
    ["no type", () => Response.json({ data: { content: "x" } }), /type: This field is required/],
    ["a change to a command", () => Response.json({ type: 7, data: { content: "x" } }), /type: Value must be one of/],
    ["a quiet deferral of a command", () => Response.json({ type: 6 }), /type: Value must be one of/],
    ["PONG to a command", () => Response.json({ type: 1 }), /type: Value must be one of \{4, 5, 9, 12\}/],
    ["an empty message", () => Response.json({ type: 4, data: {} }), /50006 Cannot send an empty message/],
    ["no data", () => Response.json({ type: 4 }), /data: This field is required/],
    [
      "too much text",
      () => Response.json({ type: 4, data: { content: "x".repeat(2_001) } }),
      /data\.content: Must be 2000 or fewer/,
    ],
    [
      "a flag on a deferral",
      () => Response.json({ type: 5, data: { flags: 4 } }),
      /data\.flags: Invalid message flags/,
    ],
    [
      "embeds that are too long together",
      () =>
        Response.json({
          type: 4,
          data: { embeds: [{ description: "x".repeat(4_000) }, { description: "x".repeat(2_001) }] },
        }),
      /MAX_EMBED_SIZE_EXCEEDED/,
    ],
  ])("says why Discord would show a failure: %s", async (_what, answer, reason) => {
    const { simulator } = await startBot(answer);
    const { answer: seen, problems } = await simulator.command("/ping");
    expect(seen).toEqual({ kind: "none" });
    expect(problems.join()).toMatch(reason);
  });

  it.each([
    [2_999, "message"],
    [3_000, "none"],
  ])("takes an answer after %i ms as %s", async (ms, kind) => {
    const { simulator } = await startBot(async (_request, { clock }) => {
      await clock.advance(ms);
      return says("slow")();
    });
    expect((await simulator.command("/ping")).answer.kind).toBe(kind);
  });

  it("gives up after three seconds, and then refuses the callback", async () => {
    let token = "";
    let id = "";
    const bot = await startBot(async (request, { clock }) => {
      ({ token, id } = (await request.json()) as { token: string; id: string });
      await clock.advance(3_001);
      return new Promise<Response>(() => {});
    });
    expect(await bot.simulator.command("/ping")).toMatchObject({
      status: 0,
      answer: { kind: "none" },
      problems: [expect.stringContaining("within 3 s")],
    });
    expect(await bot.api("POST", `/interactions/${id}/${token}/callback`, { type: 5 })).toMatchObject({
      status: 404,
      body: { code: 10_062 },
    });
    expect(
      await bot.api("POST", `/webhooks/${bot.simulator.applicationId}/${token}`, { content: "too early" }),
    ).toMatchObject({ status: 404, body: { code: 10_015 } });
  });

  it("reports a Worker that cannot be reached", async () => {
    const { simulator } = await startBot(says("x"));
    const { createDiscordSimulator } = await import("../../../../local/discord/index.ts");
    const lost = createDiscordSimulator({ interactionsUrl: "http://127.0.0.1:1/interactions" });
    expect(simulator.publicKey).not.toBe(lost.publicKey);
    expect((await lost.ping()).problems).toEqual([expect.stringMatching(/The Worker could not be reached/)]);
  });
});

describe("a response", () => {
  it.each<[string, () => Response, object]>([
    [
      "HTML with an error",
      () => new Response("<p>", { status: 500, headers: { "Content-Type": "text/html" } }),
      { status: 500, body: "<p>", problems: ["The Worker answered HTTP 500: <p>"] },
    ],
    ["one byte", () => new Response("5", { status: 500 }), { body: 5, problems: ["The Worker answered HTTP 500: 5"] }],
    [
      "an error in JSON",
      () => Response.json({ error: "x" }, { status: 401 }),
      { status: 401, body: { error: "x" }, problems: ['The Worker answered HTTP 401: {"error":"x"}'] },
    ],
    [
      "a long error, shortened",
      () => new Response("x".repeat(300), { status: 503 }),
      { problems: [`The Worker answered HTTP 503: ${"x".repeat(200)}`] },
    ],
    ["another status", () => new Response(null, { status: 201 }), { problems: ["The Worker answered HTTP 201: "] }],
    [
      "JSON with a charset",
      () => new Response('{"type":4,"data":{"content":"x"}}', { headers: { "Content-Type": "application/json; x=y" } }),
      { body: { type: 4 }, problems: [] },
    ],
    [
      "no type of content",
      () => new Response(new TextEncoder().encode('{"type":1}')),
      { problems: ['The Worker answered with Content-Type ""; Discord accepts only application/json.'] },
    ],
    [
      "another type of content that ends in one of JSON",
      () => new Response("{}", { headers: { "Content-Type": "x/application/json" } }),
      { problems: [expect.stringContaining("accepts only application/json")] },
    ],
    ...[null, 5].map(
      (bare) =>
        [
          `the JSON ${bare}`,
          () => Response.json(bare),
          { status: 0, problems: ["The Worker's answer is not JSON."] },
        ] as [string, () => Response, object],
    ),
    [
      "no embeds and too much text",
      () => Response.json({ type: 4, data: { content: "x".repeat(2_001), tts: 5 } }),
      {
        problems: [
          "Discord would refuse the answer: 50035 Invalid Form Body: data.content: Must be 2000 or fewer in length. (BASE_TYPE_MAX_LENGTH)",
          "Discord would refuse the answer: 50035 Invalid Form Body: data.tts: Must be either true or false. (BOOLEAN_TYPE_CONVERT)",
        ],
      },
    ],
    [
      "an empty message",
      () => Response.json({ type: 4, data: {} }),
      { problems: ["Discord would refuse the answer: 50006 Cannot send an empty message"] },
    ],
  ])("with %s has its status, its body and its problems", async (_name, answer, expected) => {
    const { simulator } = await startBot(answer);
    expect(await simulator.command("/ping")).toMatchObject(expected);
  });

  it.each<[string, (form: FormData) => void, string[]]>([
    ["a text", (form) => form.set("payload_json", '{"type":4,"data":{"content":"x"}}'), []],
    ["a file", (form) => form.set("payload_json", new Blob(['{"type":4,"data":{"content":"x"}}'])), []],
    ["nothing", (form) => form.set("files[0]", new Blob(["x"]), "a"), ["The Worker's answer is not JSON."]],
  ])("in parts takes its JSON from %s", async (_name, fill, problems) => {
    const { simulator } = await startBot(() => {
      const form = new FormData();
      fill(form);
      return new Response(form);
    });
    const { messages, ...delivery } = await simulator.command("/ping");
    expect(delivery.problems).toEqual(problems);
    expect(messages.map(({ content }) => content)).toEqual(problems.length > 0 ? [] : ["x"]);
  });

  it("of 202 is followed by a callback within three seconds", async () => {
    const bot = await startBot(async (_request, { clock }) => {
      await clock.advance(1_000);
      return new Response(null, { status: 202 });
    });
    const { simulator, clock } = bot;
    /** Sends a command, and returns its record once it is waited for. */
    async function ask() {
      const asked = simulator.command("/ping");
      const newest = () => [...simulator.interactions.values()].at(-1);
      const before = newest();
      await expect.poll(() => newest() !== before && newest()?.changed.size).toBe(1);
      return { asked, record: newest() };
    }
    const { asked, record } = await ask();
    await clock.advance(1_999);
    const path = `/interactions/${record?.id}/${record?.token}/callback`;
    await bot.api("POST", path, { type: 4, data: { content: "in time" } });
    expect(await asked).toMatchObject({ status: 202, ms: 2_999, messages: [{ content: "in time" }], problems: [] });
    const silent = await ask();
    await clock.advance(2_000);
    expect(await silent.asked).toMatchObject({
      status: 202,
      ms: 3_000,
      problems: ["The Worker accepted the interaction but sent no callback within 3 s."],
    });
  });
});

it("takes the place, the person, the token and the typed option from a payload that is sent as it is", async () => {
  const { simulator } = await startBot(says("x"));
  const ephemeral = { bits: "0", none: "1125899906842624" };
  const recordOf = async (payload: object) =>
    simulator.interactions.get((await simulator.send(payload)).interaction.token);
  const typed = { type: 4, data: { options: [5, { type: 1, options: [{ type: 3 }, { type: 4, focused: true }] }] } };
  expect(await recordOf({ ...typed, id: "7", token: "t" })).toMatchObject({
    id: "7",
    token: "t",
    type: 4,
    focusedType: 4,
  });
  const bare = await recordOf({});
  expect(bare).toMatchObject({
    id: expect.stringMatching(/^\d+$/),
    token: expect.stringMatching(/^[\w-]{64}$/),
    type: 2,
    channelId: undefined,
    userId: undefined,
    sourceId: undefined,
    focusedType: undefined,
    isUserInstall: false,
    isQuiet: false,
    isSubmitted: false,
  });
  expect(await recordOf({ channel_id: 5, data: { options: "x" } })).toMatchObject({ channelId: undefined });
  const owned = (owners: object, permissions?: string) =>
    recordOf({ authorizing_integration_owners: owners, member: { user: { id: "5" }, permissions } });
  expect(await owned({ "1": "5" }, ephemeral.bits)).toMatchObject({ userId: "5", isUserInstall: true, isQuiet: true });
  expect(await owned({ "1": "5" }, ephemeral.none)).toMatchObject({ isUserInstall: true, isQuiet: false });
  for (const odd of [undefined, "", "x"]) expect(await owned({ "1": "5" }, odd)).toMatchObject({ isQuiet: false });
  for (const owners of [{ "0": "5" }, { "0": "5", "1": "5" }, {}])
    expect(await owned(owners, ephemeral.bits)).toMatchObject({ isUserInstall: false, isQuiet: false });
});

it.each<[string, unknown, string]>([
  [
    "an error with a cause",
    new TypeError("fetch failed", { cause: new Error("wet wires") }),
    "The Worker could not be reached (wet wires).",
  ],
  ["an error without one", new TypeError("fetch failed"), "The Worker could not be reached."],
  ["another error", new Error("odd"), "odd"],
  ["a text", "odd text", "odd text"],
])("says why no response came: %s", async (_name, error, problem) => {
  const { simulator } = await startBot(() => Promise.reject(error));
  expect(await simulator.command("/ping")).toMatchObject({ status: 0, body: undefined, ms: 0, problems: [problem] });
});
