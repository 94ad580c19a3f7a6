import { expect, it } from "vitest";
import { createEventReader, firstUse, outcomeOf } from "../../../../local/setup/first-use.ts";
import { createTools } from "./support.ts";

it.each([
  ["on one line each", (event: object) => `${JSON.stringify(event)}\n`],
  ["indented over several lines", (event: object) => `${JSON.stringify(event, null, 2)}\n`],
])("reads events of the live log %s, whatever the pieces", (_, write) => {
  const events = [1, 2].map((id) => ({
    event: { request: { url: `https://bot.test/interactions?${id}`, method: "POST" }, response: { status: 200 } },
    logs: [{ message: ["a } in a text"] }],
  }));
  const text = events.map(write).join("");
  for (const size of [1, 7, text.length]) {
    const read: object[] = [];
    const take = createEventReader((event) => read.push(event));
    for (let at = 0; at < text.length; at += size) take(text.slice(at, at + size));
    expect(read).toEqual(events);
  }
});

const told = (url: string, method: string, status?: number) =>
  outcomeOf({ event: { request: { url, method }, ...(status !== undefined && { response: { status } }) } });

it.each<[string, string, number | undefined, string | undefined]>([
  ["https://bot.test/interactions", "POST", 200, "answered"],
  ["https://bot.test/", "POST", 200, "answered"],
  ["https://bot.test/interactions?a=b", "POST", 200, "answered"],
  ["https://bot.test/interactions", "POST", 500, "failed"],
  ["https://bot.test/interactions", "POST", undefined, "failed"],
  ["https://bot.test/interactions", "POST", 401, undefined],
  ["https://bot.test/interactions", "GET", 200, undefined],
  ["https://bot.test/interactions/x", "POST", 200, undefined],
  ["https://bot.test/webhook-events", "POST", 200, undefined],
  ["nonsense", "POST", 200, undefined],
])("takes %s %s with %s for a use or not: %s", (url, method, status, outcome) => {
  expect(told(url, method, status)).toBe(outcome);
});

it("takes a tick of the cron for no use", () => {
  expect([outcomeOf({}), outcomeOf({ event: null }), outcomeOf({ event: {} })]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it("says that it does not wait", async () => {
  const { tools, said } = createTools();
  await firstUse.run({ root: "/nowhere", workerUrl: "https://bot.test", isWaited: false }, tools);
  expect(said).toEqual(["Not waited for. Say /ping in the server."]);
});
