import { describe, expect, it } from "vitest";
import { formTokenOf, isFromOwnPage, mayWrite } from "../../../../src/web/login/form-token.ts";
import { hasAdminToken, nameOf } from "../../../../src/web/login/who.ts";

const adminToken = "an-admin-token-of-24-characters-or-more";
const request = (headers: Record<string, string>) => new Request("https://bot.test/admin", { headers });

describe("hasAdminToken", () => {
  it.each([`Bearer ${adminToken}`, `bearer   ${adminToken}`])("takes %j", async (authorization) => {
    expect(await hasAdminToken(request({ Authorization: authorization }), adminToken)).toBe(true);
  });

  it.each([
    undefined,
    "",
    adminToken,
    "Bearer",
    `Basic ${adminToken}`,
    `Bearer${adminToken}`,
    `xBearer ${adminToken}`,
    `Bearer ${adminToken} x`,
    `Bearer ${adminToken}x`,
    `Bearer ${adminToken.slice(1)}`,
    `Bearer ${adminToken.toUpperCase()}`,
  ])("refuses %j", async (authorization) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
    expect(await hasAdminToken(request(headers), adminToken)).toBe(false);
  });
});

describe("a form token", () => {
  it("is one login's, under one admin token", async () => {
    const token = await formTokenOf(adminToken, "a");
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(await formTokenOf(adminToken, "a")).toBe(token);
    expect(await formTokenOf(adminToken, "b")).not.toBe(token);
    expect(await formTokenOf(`${adminToken}x`, "a")).not.toBe(token);
  });

  it("lets an own page write, and no page that has only one of both", async () => {
    const own = request({ "Sec-Fetch-Site": "same-origin" });
    const other = request({ "Sec-Fetch-Site": "same-site" });
    expect([await mayWrite(own, "a", "a"), await mayWrite(own, "a", "b"), await mayWrite(other, "a", "a")]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await mayWrite(own, "a", "")).toBe(false);
  });

  it.each([
    [{ "Sec-Fetch-Site": "same-origin" }, true],
    [{ "Sec-Fetch-Site": "same-origin", Origin: "https://elsewhere.test" }, true],
    [{ "Sec-Fetch-Site": "cross-site", Origin: "https://bot.test" }, false],
    [{ "Sec-Fetch-Site": "", Origin: "https://bot.test" }, false],
    [{ Origin: "https://bot.test" }, true],
    [{ Origin: "http://bot.test" }, false],
    [{ Origin: "https://bot.test:8443" }, false],
    [{ Origin: "null" }, false],
    [{}, false],
  ])("goes by what the browser says of the page: %j", (headers, isOwn) => {
    expect(isFromOwnPage(request(headers as Record<string, string>))).toBe(isOwn);
  });
});

it("names who acted: a token, or a login by its browser and the beginning of its id", () => {
  const session = { id: "abcdefghij", data: { label: "Firefox" } };
  expect(nameOf({ by: "token" })).toBe("token");
  expect(nameOf({ by: "login", session, formToken: "" } as Parameters<typeof nameOf>[0])).toBe("Firefox (abcdef)");
});
