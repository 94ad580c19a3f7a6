import { expect, it } from "vitest";
import { createFeedWork } from "../../../src/runtime/feeds.ts";
import { createFakeClock, settle } from "../../support/clock.ts";

// When an invocation delivers what it publishes, and which wake-ups guard it meanwhile.

const startAt = 1_000_000;

/** Feeds whose work ends when the test says so, and what is done for them. */
function open() {
  const clock = createFakeClock(startAt);
  const log: string[] = [];
  const working: { resolve(next?: number): void; reject(error: Error): void }[] = [];
  const works: Promise<unknown>[] = [];
  const services = {
    clock,
    waitUntil: (work: Promise<unknown>) => void works.push(work.catch((error: unknown) => log.push(String(error)))),
    jobs: {
      wake: async (name: string, at: number) => void log.push(`wake ${name} ${at - startAt}`),
      unwake: async (name: string, at: number) => void log.push(`unwake ${name} ${at - startAt}`),
    },
    coordination: { heartbeat: async () => void log.push("heartbeat") },
  };
  const feed = (name: string, channels: string) => ({
    channels,
    open: (given: unknown) => ({
      work: ({ budget }: { budget: unknown }) =>
        new Promise((resolve, reject) => {
          log.push(`work ${name}${given === services && budget === services ? "" : " of others"}`);
          working.push({ resolve, reject });
        }),
    }),
  });
  const feeds = new Map([
    ["posts", feed("posts", "post.*")],
    ["mail", feed("mail", "mail.*")],
  ]);
  const work = createFeedWork(() => services as never, feeds as never);
  return {
    clock,
    wakes: work.wakes,
    async publish(channel: string) {
      work.onPublishing(channel);
      work.onPublished(channel);
      await settle();
    },
    /** The message leaves; it is on the bus when `work.onPublished` is called. */
    work,
    async end(next?: number) {
      working.shift()?.resolve(next);
      await settle();
    },
    async fail() {
      working.shift()?.reject(new Error("no"));
      await settle();
    },
    logged: () => log.splice(0),
  };
}

it("delivers a message of the feed that it belongs to, guarded by a wake-up 15 seconds later", async () => {
  const feeds = open();
  expect(Object.keys(feeds.wakes)).toEqual(["posts", "mail"]);
  await feeds.publish("post.a");
  expect(feeds.logged()).toEqual(["wake posts 15000", "work posts"]);
  await feeds.end();
  expect(feeds.logged()).toEqual(["unwake posts 15000", "heartbeat"]);
  await feeds.publish("other.a");
  expect(feeds.logged()).toEqual([]);
  await feeds.clock.advance(500);
  await feeds.publish("mail.b");
  expect(feeds.logged()).toEqual(["wake mail 15500", "work mail"]);
});

it("leaves the wake-up where something still waits, and sets it no later for the next message", async () => {
  const feeds = open();
  await feeds.publish("post.a");
  await feeds.end(startAt + 60_000);
  await feeds.clock.advance(2_000);
  await feeds.publish("post.b");
  await feeds.end();
  expect(feeds.logged()).toEqual([
    "wake posts 15000",
    "work posts",
    "wake posts 15000",
    "work posts",
    "unwake posts 15000",
    "heartbeat",
  ]);
});

it("works once more for what is published meanwhile, under the same wake-up", async () => {
  const feeds = open();
  await feeds.publish("post.a");
  for (const channel of ["post.b", "post.c"]) await feeds.publish(channel);
  expect(feeds.logged()).toEqual(["wake posts 15000", "work posts"]);
  await feeds.end();
  expect(feeds.logged()).toEqual(["work posts"]);
  await feeds.end();
  expect(feeds.logged()).toEqual(["unwake posts 15000", "heartbeat"]);
});

it("keeps the wake-up of work that failed, and delivers the next message", async () => {
  const feeds = open();
  await feeds.publish("post.a");
  await feeds.fail();
  expect(feeds.logged()).toEqual(["wake posts 15000", "work posts", "Error: no"]);
  await feeds.publish("post.b");
  expect(feeds.logged()).toEqual(["wake posts 15000", "work posts"]);
});

it("tells a wake-up when to come next, and to come later where this invocation delivers already", async () => {
  const feeds = open();
  const woken = feeds.wakes["posts"]?.();
  await settle();
  expect(feeds.logged()).toEqual(["work posts"]);
  await feeds.publish("post.a");
  expect(feeds.logged()).toEqual([]);
  expect(await feeds.wakes["posts"]?.()).toBe(startAt + 15_000);
  await feeds.end();
  await feeds.end(startAt + 7_000);
  expect(await woken).toBe(startAt + 7_000);
  expect(feeds.logged()).toEqual(["work posts"]);
  const idle = feeds.wakes["mail"]?.();
  await settle();
  await feeds.end();
  expect(await idle).toBeUndefined();
});

it("takes no wake-up back that it did not set", async () => {
  const feeds = open();
  void feeds.wakes["posts"]?.();
  await settle();
  // It leaves while a wake-up's work is under way, and is on the bus when that has ended.
  feeds.work.onPublishing("post.a");
  await feeds.end();
  feeds.work.onPublished("post.a");
  await settle();
  await feeds.end();
  expect(feeds.logged()).toEqual(["work posts", "work posts"]);
});
