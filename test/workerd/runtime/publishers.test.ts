import { expect, it } from "vitest";
import { internalChannels, matchesChannel } from "../../../src/pubsub/index.ts";
import { createCacheSync } from "../../../src/runtime/cache-sync.ts";
import { createIsolate } from "../../../src/runtime/isolate.ts";
import { createTestBot, type TestBotOptions } from "../../support/bot.ts";

// The routes for other systems, through the whole Worker.

const adminToken = "a-token-of-at-least-24-characters";

async function createPublisher(options: TestBotOptions = {}) {
  const bot = await createTestBot({ ...options, env: { ADMIN_TOKEN: adminToken, ...options.env } });
  return {
    ...bot,
    publish: (channel: string, body: unknown) =>
      bot.fetch(
        new Request(`https://bot.test/admin/api/events/${channel}`, {
          method: "POST",
          headers: { Authorization: `Bearer ${adminToken}` },
          body: JSON.stringify(body),
        }),
      ),
  };
}

it("lets no other system publish to a channel that isolates act on", async () => {
  const isolate = createIsolate();
  const unused = () => expect.fail("not called");
  const { handlers } = createCacheSync({
    isolate,
    clock: { now: () => 0 },
    pubsub: unused,
    apply: unused,
    receive: unused,
  });
  const heard = Object.keys(handlers());
  expect(heard.length).toBeGreaterThan(0);
  for (const channel of heard) {
    expect(Object.keys(internalChannels).some((pattern) => matchesChannel(pattern, channel))).toBe(true);
  }
  const { publish, database } = await createPublisher();
  for (const channel of [...heard, "delivery.1100000000000000001"]) {
    const response = await publish(channel, {
      type: "leader-changed",
      leader: null,
      before: null,
      token: 1e308,
      at: 0,
    });
    expect([response.status, await response.json()]).toEqual([403, { error: expect.stringContaining(channel) }]);
  }
  expect(await database.raw("EXISTS", "sp:b:main")).toBe(0);
});

it("answers 503 with a sentence to a publisher while Redis refuses", async () => {
  const { publish, database } = await createPublisher();
  await database.break({ at: "before", do: "status", status: 429, times: 9 });
  const response = await publish("all", 1);
  expect([response.status, await response.json()]).toEqual([
    503,
    { error: expect.stringMatching(/^The bot's memory/) },
  ]);
});

it("answers 503 and names the key to a publisher when the bus has another type", async () => {
  const { publish, database } = await createPublisher();
  await database.raw("RPUSH", "sp:b:main", "x");
  const response = await publish("all", 1);
  expect([response.status, await response.json()]).toEqual([503, { error: expect.stringContaining('"sp:b:main"') }]);
});
