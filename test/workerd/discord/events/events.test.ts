import { describe, expect, it } from "vitest";
import { event } from "../../../../src/bot/kit.ts";
import { createDispatch, type WebhookEvent } from "../../../../src/discord/index.ts";
import { createTestBot } from "../../../support/bot.ts";

const authorized = (timestamp = "2026-06-01T12:00:00Z") => ({
  version: 1,
  application_id: "1100000000000000001",
  type: 1,
  event: { type: "APPLICATION_AUTHORIZED", timestamp, data: { user: { id: "1", username: "ada" }, scopes: ["bot"] } },
});

it("answers PING and webhook events with 204 and no body", async () => {
  const bot = await createTestBot();
  for (const body of [
    { version: 1, application_id: "1", type: 0 },
    authorized(),
    { ...authorized(), event: { type: "SOMETHING_NEW", timestamp: "x" } },
  ]) {
    const response = await bot.report(body);
    expect([response.status, await response.text()]).toEqual([204, ""]);
  }
});

it("handles a webhook event once, however often Discord sends it", async () => {
  let handled = 0;
  const count = event({ type: "APPLICATION_AUTHORIZED", run: () => void (handled += 1) });
  const bot = await createTestBot({ features: [{ name: "count", events: [count] }] });
  const cost = await bot.database.cost(async () => {
    for (let index = 0; index < 3; index++) await bot.report(authorized());
  });
  expect(cost).toEqual({ requests: 3, SET: 3 });
  // 128 bits of the event's digest: no other event is taken for it.
  expect(await bot.database.raw("KEYS", "*")).toEqual([expect.stringMatching(/^sp:e:[0-9a-f]{32}$/)]);
  expect(handled).toBe(1);
  await bot.report(authorized("2026-06-01T12:00:01Z"));
  expect(handled).toBe(2);
  expect(await bot.database.raw("DBSIZE")).toBe(2);
});

it.each([
  [
    "unsigned",
    401,
    (bot: Bot) => bot.fetch(new Request("https://bot.test/webhook-events", { method: "POST", body: "{}" })),
  ],
  ["not JSON", 400, (bot: Bot) => bot.report("{")],
  ["an unknown type", 400, (bot: Bot) => bot.report({ type: 2 })],
  ["an event without an event", 400, (bot: Bot) => bot.report({ type: 1 })],
  ["a GET", 405, (bot: Bot) => bot.fetch(new Request("https://bot.test/webhook-events"))],
])("refuses %s at the webhook events endpoint", async (_name, status, send) => {
  expect((await send(await createTestBot())).status).toBe(status);
});
type Bot = Awaited<ReturnType<typeof createTestBot>>;

describe("the dispatch", () => {
  const event = { type: "ENTITLEMENT_CREATE", timestamp: "x", data: {} } as unknown as WebhookEvent;

  it("runs the other handlers of an event when one fails, and all of them when the store fails", async () => {
    const seen: string[] = [];
    const dispatch = createDispatch<string>({
      handlers: [
        {
          type: "ENTITLEMENT_CREATE",
          run: () => {
            throw new Error("first failed");
          },
        },
        { type: "ENTITLEMENT_CREATE", run: (_event, services) => void seen.push(services) },
        { type: "ENTITLEMENT_DELETE", run: () => void seen.push("wrong") },
      ],
      store: () => ({ claim: () => Promise.reject(new Error("no store")) }),
      onError: (error) => void seen.push(String(error)),
    });
    await dispatch(event, "key", "ran");
    expect(seen).toEqual(["Error: no store", "Error: first failed", "ran"]);
  });
});
