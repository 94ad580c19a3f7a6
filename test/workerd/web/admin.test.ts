import { describe, expect, it } from "vitest";
import { createTestApp, token } from "./support.ts";

describe("the admin token", () => {
  it.each([
    ["missing", {}],
    ["wrong", { Authorization: "Bearer another-token-of-24-characters" }],
    ["longer", { Authorization: `Bearer ${token}x` }],
    ["shorter", { Authorization: `Bearer ${token.slice(0, -1)}` }],
    ["in other letters", { Authorization: `Bearer ${token.toUpperCase()}` }],
    ["followed by another word", { Authorization: `Bearer ${token} x` }],
    ["empty", { Authorization: "Bearer " }],
    ["of another scheme", { Authorization: `Basic ${token}` }],
    ["without its scheme", { Authorization: token }],
  ])("answers 401 to a token that is %s", async (_name, headers) => {
    const { app, database } = createTestApp();
    for (const request of [
      app.request("/?channel=all", { headers }),
      app.request("/all", { method: "POST", headers, body: "1" }),
    ]) {
      const response = await request;
      expect([response.status, await response.json()]).toEqual([401, { error: expect.stringContaining("Bearer") }]);
      expect(response.headers.get("WWW-Authenticate")).toBe("Bearer");
    }
    expect(await database.raw("DBSIZE")).toBe(0);
  });

  it.each(["bearer", "BEARER", "Bearer   "])(
    "is taken after the scheme %j, whatever characters it has",
    async (scheme) => {
      const odd = "a+b/c=d~e.f_g-h!i@j#k$l%m^n&o*p";
      const { app } = createTestApp({ adminToken: () => odd });
      const headers = { Authorization: `${scheme} ${odd}` };
      expect((await app.request("/all", { method: "POST", headers, body: "1" })).status).toBe(202);
    },
  );

  it("answers 404 when no admin token is set", async () => {
    const { get, post } = createTestApp({ adminToken: () => undefined });
    expect([(await get("channel=all")).status, (await post("all", "1")).status]).toEqual([404, 404]);
    const headers = { Authorization: "Bearer undefined" };
    expect([(await get("channel=all", headers)).status, (await post("all", "1", headers)).status]).toEqual([404, 404]);
  });
});
