import { expect, it } from "vitest";
import { createRest, createRestState } from "../../../../src/discord/index.ts";

const channel = "/channels/1100000000000000111";
const webhook = "/webhooks/1100000000000000001/token";
const none = { parse: [] };

/** Returns a client, and the bodies that it sent. */
function createClient() {
  const bodies: unknown[] = [];
  const rest = createRest({
    baseUrl: "http://discord.test/api/v10",
    applicationId: "1100000000000000001",
    token: "t",
    state: createRestState(),
    async fetch(input, init) {
      const request = new Request(input, init);
      const type = request.headers.get("Content-Type") ?? "";
      const text = type.startsWith("multipart/")
        ? ((await request.formData()).get("payload_json") as string)
        : await request.text();
      bodies.push(JSON.parse(text));
      return Response.json({});
    },
  });
  return { rest, bodies };
}

it.each<["post" | "patch", string]>([
  ["post", `${channel}/messages`],
  ["patch", `${channel}/messages/1100000000000000222`],
  ["post", webhook],
  ["post", `${webhook}?wait=true`],
  ["patch", `${webhook}/messages/@original`],
])("sends a message by %s %s that mentions no people, unless it says whom", async (method, path) => {
  const { rest, bodies } = createClient();
  const allowed_mentions = { users: ["1100000000000000011"] };
  await rest[method](path, { body: { content: "@everyone" } });
  await rest[method](path, { body: { content: "@everyone", allowed_mentions: undefined } });
  await rest[method](path, { body: { content: "@everyone", allowed_mentions: null } });
  await rest[method](path, { body: { content: "<@1100000000000000011>", allowed_mentions } });
  await rest[method](path, { body: { content: "@here" }, files: [{ name: "a.txt", data: "a" }] });
  expect(bodies).toEqual([
    { content: "@everyone", allowed_mentions: none },
    { content: "@everyone", allowed_mentions: none },
    { content: "@everyone", allowed_mentions: none },
    { content: "<@1100000000000000011>", allowed_mentions },
    { content: "@here", allowed_mentions: none },
  ]);
});

it("sends the first message of a post in a forum, and an answer by REST, without mentions", async () => {
  const { rest, bodies } = createClient();
  const message = { content: "@everyone" };
  await rest.post(`${channel}/threads`, { body: { name: "a", message } });
  for (const type of [4, 7]) await rest.post("/interactions/1/token/callback", { body: { type, data: message } });
  const quiet = { content: "@everyone", allowed_mentions: none };
  expect(bodies).toEqual([
    { name: "a", message: quiet },
    { type: 4, data: quiet },
    { type: 7, data: quiet },
  ]);
});

it("adds nothing to a body that is no message", async () => {
  const { rest, bodies } = createClient();
  const sent = [
    ["post", `${channel}/threads`, { name: "a" }],
    ["post", `${channel}/messages/bulk-delete`, { messages: ["1"] }],
    ["patch", channel, { name: "a" }],
    ["patch", webhook, { name: "a" }],
    ["post", "/users/@me/channels", { recipient_id: "1" }],
    ["post", "/interactions/1/token/callback", { type: 9, data: { title: "a" } }],
    ["post", "/applications/1/commands", [{ name: "a" }]],
  ] as const;
  for (const [method, path, body] of sent) await rest[method](path, { body });
  expect(bodies).toEqual(sent.map(([, , body]) => body));
});
