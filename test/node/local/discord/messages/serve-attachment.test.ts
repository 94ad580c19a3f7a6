import { expect, it } from "vitest";
import { says, startBot } from "../support.ts";

it.each<[string, boolean]>([
  ["image/png", true],
  ["IMAGE/JPEG", true],
  ["image/svg+xml", true],
  ["audio/mpeg", true],
  ["video/mp4", true],
  ["text/plain; charset=utf-8", true],
  ["text/html", false],
  ["image/svg", false],
  ["application/octet-stream", false],
  ["application/pdf", false],
])("serves a file of type %s, shown in a page: %s", async (type, isShown) => {
  const { simulator } = await startBot(says("x"));
  simulator.files.set("5/1/a", { bytes: new TextEncoder().encode("hello").buffer, type });
  const response = await simulator.app.request("/attachments/5/1/a");
  expect([response.status, await response.text()]).toEqual([200, "hello"]);
  expect(Object.fromEntries(response.headers)).toEqual({
    "content-type": type,
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "x-content-type-options": "nosniff",
    ...(!isShown && { "content-disposition": "attachment" }),
  });
});

it("says that a file is gone", async () => {
  const { simulator } = await startBot(says("x"));
  const response = await simulator.app.request("/attachments/5/1/a");
  expect([response.status, await response.text()]).toEqual([404, "This content is no longer available."]);
});
