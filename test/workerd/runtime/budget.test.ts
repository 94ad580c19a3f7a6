import { expect, it } from "vitest";
import { BudgetSpentError } from "../../../src/platform/index.ts";
import { createBudget } from "../../../src/runtime/budget.ts";
import { createIsolate } from "../../../src/runtime/isolate.ts";

const webhook = "https://discord.com/api/v10/webhooks/1/token";
const channel = "https://discord.com/api/v10/channels/1/messages";

/** A budget of five requests, and what was sent. */
function createCounting(limit = 5) {
  const sent: string[] = [];
  const budget = createBudget(limit, async (input) => {
    sent.push(input instanceof Request ? input.url : String(input));
    return new Response();
  });
  return { ...budget, sent };
}

it("sends as many requests as its limit, and refuses the next one before it is sent", async () => {
  const { fetch, left, sent } = createCounting();
  for (let index = 1; index <= 5; index++) {
    await fetch(`https://redis.test/${index}`);
    expect(left()).toBe(5 - index);
  }
  await expect(fetch("https://redis.test/6")).rejects.toBeInstanceOf(BudgetSpentError);
  expect([sent.length, left()]).toEqual([5, 0]);
});

it("keeps three requests for Redis from Discord, but not from an interaction's answers", async () => {
  const { discordFetch, fetch, sent } = createCounting();
  for (let index = 0; index < 2; index++) await discordFetch(channel);
  await expect(discordFetch(channel)).rejects.toBeInstanceOf(BudgetSpentError);
  await expect(discordFetch(new Request(channel))).rejects.toBeInstanceOf(BudgetSpentError);
  await discordFetch(webhook);
  await discordFetch(new Request(webhook));
  await fetch("https://redis.test/");
  await expect(discordFetch(webhook)).rejects.toBeInstanceOf(BudgetSpentError);
  expect(sent).toEqual([channel, channel, webhook, webhook, "https://redis.test/"]);
});

it("holds requests back from other work until they are let go, once", async () => {
  const { left, held, hold, fetch } = createCounting();
  const [letGo, other] = [hold(2), hold(1)];
  expect([held(), left()]).toEqual([3, 2]);
  await fetch("https://redis.test/");
  expect(left()).toBe(1);
  letGo();
  letGo();
  expect([held(), left()]).toEqual([1, 3]);
  other();
  const all = hold(9);
  expect(left()).toBe(0);
  all();
  expect([held(), left()]).toEqual([0, 4]);
});

it("names isolates by eight characters, each anew", () => {
  const ids = [createIsolate().id, createIsolate().id];
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}$/);
  expect(new Set(ids).size).toBe(2);
  const id = createIsolate({ createId: () => "own" }).id;
  expect(id).toBe("own");
});

it("reads the configuration once for each environment", () => {
  const isolate = createIsolate();
  const [env, other] = [{}, {}];
  const first = isolate.config(env);
  expect(isolate.config(env)).toBe(first);
  expect(isolate.config(other)).not.toBe(first);
});
