import { expect, it } from "vitest";
import { createDiscordSimulator } from "../../../../../local/discord/index.ts";
import { createDiscordClock, says, startBot } from "../support.ts";

const pong = () => Response.json({ type: 1 });
const events = "http://worker.test/webhook-events";
const interactions = "http://worker.test/interactions";

/** A new application, and a Worker that answers by the last part of the URL. */
function createApplication(answers: Record<string, (body: { type: number }, isGood: boolean) => Response>) {
  const sent: { path: string; type: number; isGood: boolean }[] = [];
  const discord = createDiscordSimulator({
    interactionsUrl: null,
    clock: createDiscordClock(),
    async fetch(input, init) {
      const path = new URL(input instanceof Request ? input.url : input).pathname;
      const text = await new Response(init?.body).text();
      const body = JSON.parse(text) as { type: number };
      const isGood = await isSigned(discord.publicKey, new Headers(init?.headers), text);
      sent.push({ path, type: body.type, isGood });
      return answers[path]?.(body, isGood) ?? new Response(null, { status: 404 });
    },
  });
  async function patch(body: object) {
    const response = await discord.app.request("/api/v10/applications/@me", {
      method: "PATCH",
      headers: { Authorization: `Bot ${discord.botToken}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
  return { discord, sent, patch };
}

async function isSigned(publicKey: string, headers: Headers, body: string): Promise<boolean> {
  const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));
  const key = await crypto.subtle.importKey("raw", bytes(publicKey), "Ed25519", false, ["verify"]);
  const message = new TextEncoder().encode(`${headers.get("X-Signature-Timestamp")}${body}`);
  return crypto.subtle.verify("Ed25519", key, bytes(headers.get("X-Signature-Ed25519") ?? ""), message);
}

const refused = () => new Response(null, { status: 401 });

it("shows a new application without addresses, with its public key, to its bot's token", async () => {
  const { discord } = createApplication({});
  const headers = { Authorization: `Bot ${discord.botToken}` };
  const response = await discord.app.request("/api/v10/applications/@me", { headers });
  expect(await response.json()).toMatchObject({
    id: discord.applicationId,
    verify_key: discord.publicKey,
    interactions_endpoint_url: null,
    event_webhooks_url: null,
    event_webhooks_status: 1,
    flags: 0,
  });
  await expect(discord.command("/ping")).rejects.toThrow();
  discord.registerCommands([{ name: "ping", description: "Ping" }]);
  await expect(discord.command("/ping")).rejects.toThrow("no address");
});

it("takes addresses that answer a signed PING and refuse a badly signed one, and uses them from then on", async () => {
  const { discord, sent, patch } = createApplication({
    "/interactions": (body, isGood) => {
      if (!isGood) return refused();
      return body.type === 1 ? pong() : Response.json({ type: 4, data: { content: "Hello" } });
    },
    "/webhook-events": (_, isGood) => (isGood ? new Response(null, { status: 204 }) : refused()),
  });
  discord.registerCommands([{ name: "ping", description: "Ping" }]);
  const types = ["APPLICATION_AUTHORIZED"];
  const changes = { event_webhooks_url: events, event_webhooks_status: 2, event_webhooks_types: types };
  expect(await patch({ interactions_endpoint_url: interactions, ...changes })).toMatchObject({
    status: 200,
    body: { interactions_endpoint_url: interactions, ...changes },
  });
  expect(sent).toEqual([
    { path: "/interactions", type: 1, isGood: true },
    { path: "/interactions", type: 1, isGood: false },
    { path: "/webhook-events", type: 0, isGood: true },
    { path: "/webhook-events", type: 0, isGood: false },
  ]);
  expect((await discord.command("/ping")).messages).toMatchObject([{ content: "Hello" }]);
  expect(discord.interactionsUrl).toBe(interactions);
  expect(await patch({ interactions_endpoint_url: "" })).toMatchObject({ body: { interactions_endpoint_url: null } });
});

it.each<[string, (body: { type: number }, isGood: boolean) => Response]>([
  ["that checks no signature", pong],
  ["that refuses all", refused],
  ["that is not there", () => new Response(null, { status: 404 })],
  [
    "that hangs up on a bad signature",
    (body, isGood) => {
      if (!isGood) throw new Error("hung up");
      return body.type === 1 ? pong() : new Response(null, { status: 204 });
    },
  ],
  ["that answers a PING with a message", (_, isGood) => (isGood ? Response.json({ type: 4 }) : refused())],
])("refuses an address %s with Discord's error, and keeps the one before", async (_, answer) => {
  const { discord, patch } = createApplication({ "/interactions": answer, "/webhook-events": answer });
  expect(await patch({ interactions_endpoint_url: interactions, event_webhooks_url: events })).toEqual({
    status: 400,
    body: {
      code: 50_035,
      message: "Invalid Form Body",
      errors: {
        interactions_endpoint_url: {
          _errors: [
            {
              code: "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID",
              message: "The specified interactions endpoint url could not be verified.",
            },
          ],
        },
        event_webhooks_url: { _errors: [expect.objectContaining({ message: expect.stringContaining("verified") })] },
      },
    },
  });
  expect(discord.application).toMatchObject({ interactions_endpoint_url: null, event_webhooks_url: null });
});

it("refuses settings that Discord refuses", async () => {
  const { api } = await startBot(says("x"));
  for (const body of [
    { interactions_endpoint_url: "nowhere" },
    { event_webhooks_status: 3 },
    { event_webhooks_types: ["MESSAGE_CREATE"] },
    { integration_types_config: { "2": {} } },
    { tags: ["x", ""] },
    { tags: ["x".repeat(21)] },
    { tags: ["a", "b", "c", "d", "e", "f"] },
    { description: "x".repeat(401) },
  ])
    expect(await api("PATCH", "/applications/@me", body)).toMatchObject({ status: 400, body: { code: 50_035 } });
});

it("takes settings up to Discord's bounds", async () => {
  const { api } = await startBot(says("x"));
  for (const body of [
    { tags: ["x", "x".repeat(20), "c", "d", "e"] },
    { tags: [] },
    { description: "x".repeat(400) },
    { description: "" },
    { event_webhooks_types: Array.from({ length: 25 }, () => "ENTITLEMENT_CREATE") },
    { event_webhooks_status: 1 },
    { integration_types_config: { "0": {}, "1": {} } },
  ])
    expect(await api("PATCH", "/applications/@me", body)).toMatchObject({ status: 200, body });
});
