import { expect, it } from "vitest";
import { BudgetSpentError, unlimited, waitForRequests } from "../../../src/platform/index.ts";
import { createBudget } from "../../../src/runtime/budget.ts";

const answer = async () => new Response("fine");

it("counts what is sent and held, and sends no request beyond the limit", async () => {
  let sent = 0;
  const budget = createBudget(4, async () => {
    sent += 1;
    return answer();
  });
  const endHold = budget.hold(2);
  expect([budget.left(), budget.held()]).toEqual([2, 2]);
  await budget.fetch("https://redis.test");
  expect(budget.left()).toBe(1);
  endHold();
  endHold();
  expect([budget.left(), budget.held()]).toEqual([3, 0]);
  for (let count = 0; count < 3; count++) await budget.fetch("https://redis.test");
  await expect(budget.fetch("https://redis.test")).rejects.toThrow(BudgetSpentError);
  expect([sent, budget.left()]).toEqual([4, 0]);
});

it("leaves Redis and the answer to an interaction three requests that nothing else is sent to Discord with", async () => {
  const budget = createBudget(5, answer);
  const discord = (path: string) => budget.discordFetch(`https://discord.com/api/v10${path}`);
  await discord("/users/@me");
  await discord("/users/@me");
  await expect(discord("/channels/1/messages")).rejects.toThrow("SUBREQUESTS");
  await discord("/webhooks/1/token/messages/@original");
  await budget.fetch("https://redis.test");
  await budget.fetch("https://redis.test");
  expect(budget.left()).toBe(0);
});

it("waits for requests that other work holds, and no longer than it does", async () => {
  const budget = createBudget(5, answer);
  const isEnough = () => budget.left() >= 3;
  const mayBeFreed = () => budget.held() > 0;
  const ends = [budget.hold(2), budget.hold(2)];
  const sleeps: number[] = [];
  const clock = {
    sleep: async (ms: number) => {
      sleeps.push(ms);
      ends.pop()?.();
    },
  };
  expect(await waitForRequests(isEnough, mayBeFreed, clock)).toBe(true);
  expect(sleeps).toHaveLength(1);
  for (let count = 0; count < 3; count++) await budget.fetch("https://redis.test");
  expect(await waitForRequests(isEnough, mayBeFreed, clock)).toBe(false);
  expect([unlimited.left(), unlimited.held()]).toEqual([Number.POSITIVE_INFINITY, 0]);
});
