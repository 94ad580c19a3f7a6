import { expect, it, onTestFinished } from "vitest";
import { createDiscordSimulator, type SimulatorEvent } from "../../../../local/discord/index.ts";
import { general, linus, news } from "./interactions/support.ts";
import { createDiscordClock, restOf, says, startBot } from "./support.ts";

const command = { name: "ping", description: "x" };

/** A simulator with these options, and the requests that its bot received. */
function createDiscord(options: Partial<Parameters<typeof createDiscordSimulator>[0]> = {}, status = 204) {
  const requests: { url: string; body: { type: number; event?: object } }[] = [];
  const discord = createDiscordSimulator({
    interactionsUrl: "http://bot.test/interactions",
    clock: createDiscordClock(),
    async fetch(input, init) {
      const request = new Request(input, init);
      requests.push({ url: request.url, body: (await request.json()) as { type: number } });
      return new Response(null, { status });
    },
    ...options,
  });
  return { discord, requests };
}

it("shows a deferred answer as such after ten seconds, and its message when it comes", async () => {
  const { simulator, clock, api } = await startBot(() => Response.json({ type: 5 }));
  const states: string[] = [];
  const asked = simulator.command("/ping").then((transcript) => {
    states.push(transcript.answer.kind);
    return transcript;
  });
  await expect.poll(() => [...simulator.interactions.values()][0]?.answer.kind).toBe("deferred");
  await clock.advance(9_999);
  expect(states).toEqual([]);
  await clock.advance(1);
  const { interaction, messages, exchange } = await asked;
  expect([states, messages]).toEqual([["deferred"], []]);
  const later = simulator.later(interaction.token);
  const original = `/webhooks/${simulator.applicationId}/${interaction.token}`;
  await api("PATCH", `${original}/messages/@original`, { content: "done" });
  expect(await later).toEqual({
    interaction,
    exchange,
    status: 200,
    body: { type: 5 },
    ms: 0,
    answer: expect.objectContaining({ kind: "message" }),
    messages: [expect.objectContaining({ content: "done" })],
    problems: [],
  });
  const more = simulator.later(interaction.token).then(({ messages }) => messages.map(({ content }) => content));
  await api("POST", original, { content: "more" });
  expect(await more).toEqual(["done", "more"]);
  const silent = simulator.later(interaction.token);
  await clock.advance(10_000);
  expect((await silent).messages).toHaveLength(2);
  await expect(simulator.later("x")).rejects.toThrow("No interaction has that token.");
});

it("shows a person the answers that they may see, and keeps those of others to others", async () => {
  const { simulator, api } = await startBot(says("x"));
  const { interaction, messages } = await simulator.command("/ping");
  const [message] = messages;
  expect(simulator.message(message?.id ?? "")).toMatchObject({ content: "x", channel_id: general });
  expect(simulator.message("5")).toBeUndefined();
  await api("POST", `/webhooks/${simulator.applicationId}/${interaction.token}`, { content: "psst", flags: 64 });
  expect(simulator.visibleMessages().map(({ content }) => content)).toEqual(["x", "psst"]);
  expect(simulator.visibleMessages({ user: "linus" }).map(({ content }) => content)).toEqual(["x"]);
  const [, secret] = simulator.visibleMessages();
  if (secret) simulator.keepMessage(secret, linus);
  expect(simulator.visibleMessages().map(({ content }) => content)).toEqual(["x"]);
  expect(simulator.visibleMessages({ user: "linus" })).toHaveLength(2);
  const nowhere = await simulator.send({ type: 2, channel_id: "5", data: { name: "ping" } });
  expect(nowhere.messages).toEqual([]);
});

it("sends events and the PING of events to the address for events, once unless asked", async () => {
  const { discord, requests } = createDiscord();
  expect(await discord.webhookPing()).toEqual({ status: 204, body: "", problems: [] });
  await discord.webhookEvent("ENTITLEMENT_CREATE", { id: "1" });
  const url = "http://bot.test/webhook-events";
  const application = { version: 1, application_id: discord.applicationId };
  const event = { type: "ENTITLEMENT_CREATE", timestamp: "2026-06-01T12:00:00.000Z", data: { id: "1" } };
  expect(requests).toEqual([
    { url, body: { ...application, type: 0 } },
    { url, body: { ...application, type: 1, event } },
  ]);
  expect(discord.buildEvent("ENTITLEMENT_CREATE", { id: "1" })).toEqual({ ...application, type: 1, event });
  const own = createDiscord({ webhookEventsUrl: "http://events.test/here" });
  await own.discord.webhookPing();
  expect(own.requests.map((one) => one.url)).toEqual(["http://events.test/here"]);
  expect(own.discord.application).toMatchObject({
    interactions_endpoint_url: "http://bot.test/interactions",
    event_webhooks_url: "http://events.test/here",
  });
  const none = createDiscord({ interactionsUrl: null });
  await expect(none.discord.webhookPing()).rejects.toThrow("its developer has entered none");
});

it("sends badly signed bodies to either address, and says what the bot should have answered", async () => {
  for (const [status, problems] of [
    [401, []],
    [200, ["The Worker answered HTTP 200 to a signature that is ten minutes old; Discord expects 401."]],
  ] as const) {
    const { discord, requests } = createDiscord({}, status);
    const told: SimulatorEvent[] = [];
    discord.on((event) => told.push(event));
    const { exchange, ended } = discord.probe('{"type":1}', "stale-timestamp");
    await ended;
    await discord.probe('{"type":0}', "bad-signature", "events").ended;
    expect(requests.map(({ url, body }) => [new URL(url).pathname, body.type])).toEqual([
      ["/interactions", 1],
      ["/webhook-events", 0],
    ]);
    const [request, , delivered] = told;
    const tenMinutesAgo = String(Date.parse("2026-06-01T11:50:00Z") / 1_000);
    expect(request).toMatchObject({
      type: "request",
      exchange,
      headers: { "X-Signature-Timestamp": tenMinutesAgo },
      body: '{"type":1}',
    });
    expect(delivered).toEqual({ type: "delivered", exchange, outcome: { status, problems, ms: 0 } });
    expect(JSON.stringify(told.at(-1))).toContain(status === 401 ? '"problems":[]' : "HTTP 200 to a bad signature");
  }
});

it.each([
  [() => Promise.reject(new TypeError("fetch failed")), "The Worker could not be reached within 3 s."],
  [() => Promise.reject(new Error("wet wires")), "wet wires"],
  [() => Promise.reject("a text"), "a text"],
] as [typeof fetch, string][])("says why a badly signed body met no bot: %s", async (fetch, problem) => {
  const clock = createDiscordClock();
  const { discord } = createDiscord({
    clock,
    fetch: async (...request) => {
      await clock.advance(20);
      return fetch(...request);
    },
  });
  const outcomes: unknown[] = [];
  discord.on((event) => event.type === "delivered" && outcomes.push(event.outcome));
  await discord.probe("{}", "bad-signature").ended;
  expect(outcomes).toEqual([{ status: 0, problems: [problem], ms: 20 }]);
});

it("tells what it sends and gets, in order, until a listener has enough", async () => {
  const { simulator, clock } = await startBot(async (_request, bot) => {
    await bot.clock.advance(30);
    return says("x")();
  });
  const told: SimulatorEvent[] = [];
  const end = simulator.on((event) => told.push(event));
  const { exchange, ended } = simulator.start({ type: 2, id: "5", token: "t", channel_id: news });
  const { status, ms } = await ended;
  expect([status, ms]).toEqual([200, 30]);
  expect(told.map(({ type }) => type)).toEqual([
    "request",
    "interaction",
    "response",
    "message",
    "interaction",
    "delivered",
  ]);
  expect(told[0]).toMatchObject({ exchange, at: clock.now() - 30, body: expect.stringContaining('"token":"t"') });
  expect(told[2]).toMatchObject({
    exchange,
    at: clock.now(),
    status: 200,
    headers: { "content-type": "application/json" },
    body: '{"type":4,"data":{"content":"x"}}',
  });
  expect(told[5]).toMatchObject({ exchange, outcome: { status: 200, ms: 30, problems: [] } });
  const event = simulator.startEvent(simulator.buildEvent("X", {}));
  await event.ended;
  expect(told.at(-1)).toMatchObject({ exchange: event.exchange, outcome: { status: 200, ms: 30 } });
  end();
  await simulator.command("/ping");
  expect(told.at(-1)).toMatchObject({ exchange: event.exchange });
});

it("tells each call of its REST API with its interaction and its exchange", async () => {
  const { simulator, api, clock } = await startBot(says("x"));
  const { interaction } = await simulator.command("/ping");
  const record = simulator.interactions.get(interaction.token);
  const told: object[] = [];
  simulator.on((event) => event.type === "rest" && told.push(event));
  const path = `/webhooks/${simulator.applicationId}/${interaction.token}`;
  await api("GET", `${path}/messages/@original?x=1`, undefined, { "X-Sandpiper-Exchange": "e" });
  await api("GET", "/users/5");
  expect(told).toEqual([
    {
      type: "rest",
      at: clock.now(),
      ms: expect.any(Number),
      method: "GET",
      path: `${path}/messages/@original?x=1`,
      status: 200,
      exchange: "e",
      record,
    },
    { type: "rest", at: clock.now(), ms: expect.any(Number), method: "GET", path: "/users/5", status: 404 },
  ]);
});

it("has attachments begin with where it is served, or with the address that it is told", async () => {
  const urlOf = async (discord: ReturnType<typeof createDiscordSimulator>) => {
    const body = new FormData();
    body.set("payload_json", "{}");
    body.set("files[0]", new Blob(["hello"], { type: "text/plain" }), "a.txt");
    const path = `/api/v10/channels/${general}/messages`;
    const headers = { Authorization: `Bot ${discord.botToken}` };
    const sent = await discord.app.request(path, { method: "POST", headers, body });
    return new URL(((await sent.json()) as { attachments: { url: string }[] }).attachments[0]?.url ?? "");
  };
  const { discord } = createDiscord();
  expect((await urlOf(discord)).origin).toBe("http://127.0.0.1:8788");
  const served = await discord.serve({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => served.close());
  const url = await urlOf(discord);
  expect(url.origin).toBe(served.url);
  expect(await (await fetch(url)).text()).toBe("hello");
  const { port } = new URL(served.url);
  await expect(discord.serve({ host: "127.0.0.1", port: Number(port) })).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken. Stop the program that uses it, or choose another port: --port`,
  );
  await expect(discord.serve({ host: "203.0.113.1", port: 0 })).rejects.toThrow(
    "203.0.113.1 is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all addresses.",
  );
  const { discord: public_ } = createDiscord({ publicUrl: "http://public.test" });
  expect((await urlOf(public_)).origin).toBe("http://public.test");
});

it("has a new token of Discord's shape, and fails its REST API as it is told", async () => {
  const [{ discord }, { discord: other }] = [createDiscord(), createDiscord()];
  const [id = "", , secret = ""] = discord.botToken.split(".");
  expect(Buffer.from(id, "base64url").toString()).toBe(discord.applicationId);
  expect(secret).toMatch(/^[\w-]{32}$/);
  expect(other.botToken).not.toBe(discord.botToken);
  const api = restOf(discord);
  const status = async () => (await api("GET", "/users/@me")).status;
  discord.setRestFault({ status: 500, times: 9 });
  expect(await status()).toBe(500);
  discord.setRestFault(undefined);
  expect(await status()).toBe(200);
  discord.setRestFaults({ status: 502, times: 1 }, { status: 503, times: 1 });
  expect([await status(), await status(), await status()]).toEqual([502, 503, 200]);
  discord.registerCommands([command]);
  expect(discord.commands()).toMatchObject([command]);
});
