import { expect, it } from "vitest";
import { addressOf, routeOf } from "../../../../src/discord/send/route.ts";

const [id, other] = ["1100000000000000111", "1100000000000000112"];

it.each([
  [`/channels/${id}/messages/${other}?a=1`, "/channels/:id/messages/:id", `channels/${id}/`],
  [`/guilds/${id}/members/${other}`, "/guilds/:id/members/:id", `guilds/${id}/`],
  [`/webhooks/${id}`, "/webhooks/:id", `webhooks/${id}/`],
  [`/webhooks/${id}/secret/messages/@original`, "/webhooks/:id/:token/messages/@original", `webhooks/${id}/secret`],
  [`/interactions/${id}/secret/callback`, "/interactions/:id/:token/callback", `interactions/${id}/secret`],
  [`/interactions/${id}`, "/interactions/:id", ""],
  [`/users/${id}`, "/users/:id", ""],
  ["/users/@me", "/users/@me", ""],
  ["/applications/12345678901234/commands", "/applications/12345678901234/commands", ""],
  [`/users/${"1".repeat(15)}`, "/users/:id", ""],
  [`/users/${"1".repeat(20)}`, "/users/:id", ""],
  [`/users/${"1".repeat(21)}`, `/users/${"1".repeat(21)}`, ""],
])("counts calls of %s under %s and %j, and shows no token", (path, general, major) => {
  const route = routeOf("PUT", path);
  expect([route.key, route.major]).toEqual([`PUT ${general}`, major]);
  expect(route.shown).toBe(`PUT ${path.split("?")[0]?.replace("/secret", "/:token")}`);
});

const base = "https://discord.com/api/v10";

it.each(["/users/@me", `/channels/${id}/messages?limit=5`, "/a%20b", "/a?b=..//"])(
  "keeps the address of %s",
  (path) => {
    expect(addressOf(base, path)).toBe(`${base}${path}`);
  },
);

it.each([
  "/../users",
  "/a/../b",
  "/a/..",
  "/a/./b",
  "//evil.test",
  "/a//b",
  "/a#b",
  "/a#",
  "/a?b#c",
  "a",
  "",
  "\\a",
  "/a\\b",
])("refuses the path %j, which leads elsewhere", (path) => {
  expect(() => addressOf(base, path)).toThrow(RangeError);
});

it("takes a base without a path, and tells no more than the beginning of a path that it refuses", () => {
  expect(addressOf("http://127.0.0.1:9", "/users/@me")).toBe("http://127.0.0.1:9/users/@me");
  expect(() => addressOf(base, "/webhooks/1/secret-token/../x")).toThrow(/"\/webhooks\/1\/"…$/);
});
