import { expect, it } from "vitest";
import { createEventReader } from "../../../../local/setup/first-use.ts";

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
