import { describe, expect, it } from "vitest";
import { createDiscordSimulator } from "../../../../local/discord/index.ts";
import { ada, general, linus, news, robin } from "./interactions/support.ts";
import { says, startBot } from "./support.ts";

const row = (...components: object[]) => ({ type: 1, components });
const options = ["a", "b"].map((value) => ({ label: value.toUpperCase(), value }));
const shown = {
  content: "x",
  components: [
    row({ type: 2, style: 1, label: "Yes", custom_id: "y" }, { type: 2, style: 1, label: "No", custom_id: "n" }),
    row({ type: 3, custom_id: "m", options }),
  ],
};
const form = {
  custom_id: "f",
  title: "F",
  components: [{ type: 18, label: "Name", component: { type: 4, custom_id: "n", style: 1 } }],
};

/** A bot of all kinds of commands, with two messages and an open form in #general. */
async function startTalk() {
  const bot = await startBot(async (request) => {
    const { type, data } = (await request.json()) as { type: number; data?: { name?: string } };
    if (type === 1) return Response.json({ type: 1 });
    if (type === 4) return Response.json({ type: 8, data: { choices: [] } });
    if (data?.name === "bare") return Response.json({ type: 4, data: { content: "bare" } });
    return Response.json(data?.name === "form" ? { type: 9, data: form } : { type: 4, data: shown });
  });
  const { simulator, sent } = bot;
  simulator.registerCommands([
    { name: "ping", description: "x", integration_types: [0, 1] },
    { name: "form", description: "x" },
    { name: "bare", description: "x" },
    { name: "find", description: "x", options: [{ type: 3, name: "text", description: "x", autocomplete: true }] },
    { name: "Greet", type: 2 },
    { name: "Quote", type: 3 },
  ]);
  const [first = "", last = ""] = [
    await simulator.command("/ping"),
    await simulator.command("/ping"),
    await simulator.command("/form"),
  ].map(({ messages }) => messages[0]?.id);
  const ask = async (order: object) => {
    const response = await simulator.app.request("/simulator/interactions", {
      method: "POST",
      body: JSON.stringify(order),
    });
    return { status: response.status, body: await response.json() };
  };
  return { ...bot, first, last, ask, newest: () => sent.at(-1) };
}

async function control(method: string, path: string, body: unknown) {
  const { simulator, api } = await startBot(says("hello"));
  const response = await simulator.app.request(`/simulator${path}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text), api };
}

describe("POST /simulator/interactions", () => {
  it("acts as the person and returns the transcript", async () => {
    const order = { line: "/ping", user: "robin", channel: "#news", locale: "fr", userInstall: false };
    expect(await control("POST", "/interactions", order)).toMatchObject({
      status: 200,
      body: { answer: { kind: "message" }, messages: [{ content: "hello" }], problems: [] },
    });
  });

  it.each<[string, (ids: { first: string; last: string }) => object, (ids: { first: string; last: string }) => object]>(
    [
      ["a line", () => ({ line: "/ping" }), () => ({ type: 2, channel_id: general, member: { user: { id: ada } } })],
      [
        "a line that is being typed",
        () => ({ complete: "/find text:a" }),
        () => ({ type: 4, data: { options: [{ name: "text", value: "a", focused: true }] } }),
      ],
      [
        "a click on the last message",
        () => ({ click: "No" }),
        ({ last }) => ({ type: 3, data: { custom_id: "n" }, message: { id: last } }),
      ],
      [
        "a click on an earlier message",
        ({ first }) => ({ click: "Yes", on: first }),
        ({ first }) => ({ message: { id: first } }),
      ],
      [
        "a choice in a menu",
        () => ({ select: ["B"] }),
        ({ last }) => ({ type: 3, data: { custom_id: "m", values: ["b"] }, message: { id: last } }),
      ],
      [
        "a form",
        () => ({ submit: { Name: "Bo" } }),
        () => ({ type: 5, data: { custom_id: "f", components: [{ component: { value: "Bo" } }] } }),
      ],
      [
        "a command on Ada",
        () => ({ userCommand: "Greet", user: "robin" }),
        () => ({ type: 2, data: { target_id: ada } }),
      ],
      [
        "a command on another person",
        () => ({ userCommand: "Greet", target: "linus" }),
        () => ({ data: { target_id: linus } }),
      ],
      [
        "a command on the last message",
        () => ({ messageCommand: "Quote" }),
        ({ last }) => ({ type: 2, data: { name: "Quote", target_id: last } }),
      ],
      [
        "a command on an earlier message",
        ({ first }) => ({ messageCommand: "Quote", target: first }),
        ({ first }) => ({ data: { target_id: first } }),
      ],
      ["a payload", () => ({ payload: { type: 1, own: 5 } }), () => ({ type: 1, own: 5 })],
      [
        "a person elsewhere, of another language, who installed the application",
        () => ({ line: "/ping", user: "robin", channel: "#news", locale: "fr", userInstall: true }),
        () => ({
          channel_id: news,
          locale: "fr",
          member: { user: { id: robin } },
          authorizing_integration_owners: { "1": robin },
        }),
      ],
    ],
  )("sends the Worker %s", async (_name, order, expected) => {
    const { ask, newest, first, last } = await startTalk();
    expect(await ask(order({ first, last }))).toMatchObject({ status: 200, body: { problems: [] } });
    expect(newest()).toMatchObject(expected({ first, last }));
  });

  it("finds the newest message with the button or a menu, as a person does, and says what the newest lacks", async () => {
    const { ask, newest, last } = await startTalk();
    await ask({ line: "/bare" });
    await ask({ click: "No" });
    expect(newest()).toMatchObject({ data: { custom_id: "n" }, message: { id: last } });
    await ask({ line: "/bare" });
    await ask({ select: ["B"] });
    expect(newest()).toMatchObject({ type: 3, data: { custom_id: "m", values: ["b"] } });
    await ask({ line: "/bare" });
    expect((await ask({ click: "Perhaps" })).body).toEqual({ error: 'The message has no button "Perhaps".' });
  });

  it("waits for what was saved, so that a new command is known", async () => {
    const saving = Promise.withResolvers<void>();
    const simulator = createDiscordSimulator({
      interactionsUrl: "http://bot.invalid/interactions",
      settled: () => saving.promise,
      fetch: async () => Response.json({ type: 4, data: { content: "new" } }),
    });
    const asked = simulator.app.request("/simulator/interactions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ line: "/pong" }),
    });
    // The request is read meanwhile.
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    simulator.registerCommands([{ name: "pong", description: "New" }]);
    saving.resolve();
    expect(await (await asked).json()).toMatchObject({ messages: [{ content: "new" }] });
  });

  it.each<[unknown, string]>([
    ["{", "The body is not JSON."],
    [5, "The body: Invalid type: Expected Object but received 5"],
    [{}, 'The request has no action, such as {"line":"/ping"}.'],
    [{ line: 5 }, "line: Invalid type: Expected string but received 5"],
    [{ clik: "Yes" }, 'clik: Invalid key: Expected never but received "clik"'],
    [{ click: "Yes", channel: "#news" }, "This channel has no messages yet."],
    [{ line: "/nope" }, "There is no command /nope. Registered: /ping, /remind, /show."],
    [{ line: "/ping", user: "bob" }, 'There is no user "bob". Users: sandpiper, ada, grace.h, linus,'],
    [{ line: "/ping", channel: "#lost" }, 'There is no channel "#lost". Channels: dm, group-dm, #Piers, #general,'],
    [{ line: "/ping", user: "stranger" }, "stranger is not a member of The Harbour."],
    [{ line: "/ping", user: "linus", channel: "#moderators" }, "linus cannot see that channel."],
    [{ userCommand: "Hello" }, 'There is no command "Hello" in that context menu. Registered: none.'],
  ])("refuses %j in a sentence", async (order, sentence) => {
    const refused = await control("POST", "/interactions", order);
    expect(refused).toMatchObject({ status: 400, body: { error: expect.stringContaining(sentence) } });
  });
});

describe("PUT /simulator/faults", () => {
  it("makes the REST API fail", async () => {
    const { status, api } = await control("PUT", "/faults", { status: 503, times: 1 });
    expect(status).toBe(204);
    expect((await api("GET", "/users/@me")).status).toBe(503);
    expect((await api("GET", "/users/@me")).status).toBe(200);
  });

  it("asks for another pace at one path, or loses an answer alone", async () => {
    const { api } = await control("PUT", "/faults", { status: 429, times: 1, retryAfter: 7, path: "/users" });
    expect((await api("GET", "/applications/@me")).status).toBe(200);
    expect((await api("GET", "/users/@me")).headers.get("Retry-After")).toBe("7");
    const lost = await control("PUT", "/faults", { status: 500, times: 1, isAfter: true });
    expect((await lost.api("POST", `/channels/${general}/messages`, { content: "lost" })).status).toBe(500);
    expect((await lost.api("GET", `/channels/${general}/messages`)).body).toMatchObject([{ content: "lost" }]);
  });

  it.each<[object, string | undefined]>([
    [{ status: 400, times: 0, retryAfter: 0 }, undefined],
    [{ status: 599, times: 1 }, undefined],
    [{ status: 399, times: 1 }, "status: "],
    [{ status: 600, times: 1 }, "status: "],
    [{ status: 400.5, times: 1 }, "status: "],
    [{ status: 500, times: -1 }, "times: "],
    [{ status: 500, times: 0.5 }, "times: "],
    [{ status: 500, times: 1, retryAfter: -0.5 }, "retryAfter: "],
    [{ status: 500, times: 1, isAfter: 1 }, "isAfter: "],
    [{ status: 500, times: 1, path: 1 }, "path: "],
    [{ status: 500, times: 1, after: true }, "after: "],
  ])("takes a fault that means something alone: %j", async (fault, field) => {
    const { status, body } = await control("PUT", "/faults", fault);
    expect([status, body?.error.slice(0, field?.length)]).toEqual(
      field === undefined ? [204, undefined] : [400, field],
    );
  });
});

it("tells at GET /simulator where the Worker is, its commands, and the names of people, roles and channels", async () => {
  const { simulator } = await startBot(says("x"));
  simulator.world.guilds.get("1100000000000000100")?.channels.set("5", { id: "5", name: null, type: 1 });
  const told = (await (await simulator.app.request("/simulator")).json()) as { names: Record<string, string> };
  expect(told).toEqual({
    applicationId: simulator.applicationId,
    publicKey: simulator.publicKey,
    interactionsUrl: "http://bot.test/interactions",
    commands: [
      { name: "ping", description: "Is it awake?" },
      { name: "remind", description: "Reminders" },
      { name: "show", description: "Shows all kinds" },
    ],
    names: expect.objectContaining({
      [ada]: "Ada",
      [linus]: "linus",
      [general]: "general",
      "1100000000000000102": "Sailors",
      "5": "",
    }),
  });
});
