import { expect, it } from "vitest";
import { openDeliveries } from "../../../../src/bot/feeds/delivery.ts";
import { DiscordApiError } from "../../../../src/discord/index.ts";
import type { Attempt, Message } from "../../../../src/pubsub/index.ts";
import type { Invocation } from "../../../../src/runtime/index.ts";

// What the workers are told, and what one delivery sends and asks.

type Handler = (message: Message, attempt: Attempt) => Promise<void>;
const now = 1_000_000;
const delivery = { topic: "@7.tides", channelId: "2", guildId: "7", data: "High" };

/** Delivers once, where Discord answers like this. Returns the requests to Redis and to Discord. */
async function deliver(
  {
    count = 1,
    isLast = false,
    ageMs = 0,
    isFollowing = true,
  }: Partial<Attempt> & { ageMs?: number; isFollowing?: boolean },
  answer: () => unknown = () => undefined,
) {
  const sent: unknown[] = [];
  const handlers: Handler[] = [];
  const group: { options?: object } = {};
  const redis = {
    hexists: async (...command: unknown[]) => (sent.push(["HEXISTS", ...command]), isFollowing ? 1 : 0),
    hdel: async (...command: unknown[]) => (sent.push(["HDEL", ...command]), 1),
    exec: async (command: unknown[]) => (sent.push(command), []),
  };
  const services = {
    clock: { now: () => now, sleep: async () => {} },
    log: () => {},
    config: { keyPrefix: "t:" },
    redis: { commands: redis },
    cache: { of: () => ({ get: async () => true }) },
    discord: {
      async post(path: string, options: object) {
        sent.push([path, options]);
        return answer();
      },
    },
    pubsub: {
      group(name: string, options: object) {
        Object.assign(group, { name, ...options });
        return { subscribe: (_channel: string, handler: Handler) => void handlers.push(handler) };
      },
    },
  } as unknown as Invocation;
  openDeliveries(services);
  const message = { id: "m1", time: now - ageMs, data: delivery } as Message;
  const failure = await handlers[1]?.(message, { count, isLast }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { sent, failure, group };
}

const nonce = expect.stringMatching(/^[\da-f]{24}$/) as string;
const posted = [
  "/channels/2/messages",
  { body: { content: "High\n-# tides", nonce, enforce_nonce: true }, isRepeatable: true, isFresh: true },
];
const asked = ["HEXISTS", "t:f:@7.tides", "2"];
const forgotten = ["HDEL", "t:fd:7", "m1"];
const unreachable = (status: number) => () => {
  throw new DiscordApiError("POST /channels/2/messages", status, { message: "no", code: 0, fields: [] });
};

it("works on six deliveries at a time, tries each five times, and again after 45 seconds", async () => {
  expect((await deliver({})).group).toEqual({ name: "feeds", maxDeliveries: 5, retryMs: 45_000, concurrency: 6 });
});

it.each([
  ["at once", { ageMs: 10_000 }, [posted]],
  ["late, to a channel that still follows", { ageMs: 10_001 }, [asked, posted]],
  ["late, to a channel that does not", { ageMs: 10_001, isFollowing: false }, [asked]],
  ["again, to a channel that still follows", { count: 2 }, [asked, posted, forgotten]],
  ["again, to a channel that does not", { count: 2, isFollowing: false }, [asked, forgotten]],
])("delivers a post %s", async (_title, attempt, expected) => {
  const { sent, failure } = await deliver(attempt);
  expect([sent, failure]).toEqual([expected, undefined]);
});

it.each([
  ["an error", new Error("HTTP 500"), "HTTP 500", 3, false],
  ["what is no error", "nothing", "nothing", 5, true],
  ["nothing at all", undefined, "undefined", 3, false],
  ["null", null, "null", 3, false],
])("keeps why a delivery failed with %s, and fails", async (_what, thrown, reason, count, isLast) => {
  const { sent, failure } = await deliver({ count, isLast }, () => Promise.reject(thrown));
  const kept = { ...delivery, id: "m1", tries: count, reason, at: now, isGivenUp: isLast };
  expect(failure).toBe(thrown);
  expect(sent.at(-1)).toEqual(["HSETEX", "t:fd:7", "PX", 604_800_000, "FIELDS", 1, "m1", JSON.stringify(kept)]);
});

it.each([403, 404])("ends the following of a channel that is refused with %i, with its failures", async (status) => {
  const first = await deliver({}, unreachable(status));
  expect([first.failure, first.sent]).toEqual([
    undefined,
    [posted, ["HGETALL", "t:fl:7"], ["HDEL", "t:f:@7.tides", "2"]],
  ]);
  const again = await deliver({ count: 2 }, unreachable(status));
  expect(again.failure).toBeUndefined();
  expect(again.sent).toContainEqual(forgotten);
});
