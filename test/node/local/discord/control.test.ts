import { describe, expect, it } from "vitest";
import { createDiscordSimulator } from "../../../../local/discord/index.ts";
import { says, startBot } from "./support.ts";

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

  it("refuses a fault that means nothing", async () => {
    expect(await control("PUT", "/faults", { status: 200, times: 1 })).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/^status: /) },
    });
  });
});
