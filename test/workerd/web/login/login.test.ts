import { describe, expect, it } from "vitest";
import { createDatabase } from "../../../support/database.ts";
import { adminToken, createConsole } from "../console.ts";

const tokens = [
  ["wrong", { token: "another-token-of-24-characters" }],
  ["too long", { token: `${adminToken}x` }],
  ["empty", { token: "" }],
  ["missing", {}],
] as const;

describe("logging in", () => {
  it("sets a cookie that no script reads and no plain connection carries, and goes on to the page asked for", async () => {
    const { post, get, database } = await createConsole();
    const response = await post("/admin/login", { token: adminToken, next: "/admin/jobs?from=50" });
    expect([response.status, response.headers.get("Location")]).toEqual([303, "/admin/jobs?from=50"]);
    const cookie = response.headers.get("Set-Cookie") ?? "";
    expect(cookie).toMatch(
      /^__Host-sandpiper=admin-[\w-]{12}\.[\w-]{22}\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800; Secure$/,
    );
    const [pair = ""] = cookie.split(";");
    for (const others of ["a=b", "__Host-sandpiperx", "__Host-sandpiper", "=", ""]) {
      expect((await get("/admin/jobs", { Cookie: `${others}; ${pair}; c=d` })).status).toBe(200);
    }
    // Redis holds neither the token nor the secret.
    const secret = pair.split(".")[2] ?? "";
    const keys = (await database.raw("KEYS", "*")) as string[];
    const texts = await Promise.all(keys.map((key) => database.raw("DUMP", key)));
    expect(keys.length).toBeGreaterThan(2);
    for (const text of [...keys, ...texts.map(String)]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(adminToken);
    }
  });

  it.each(tokens)("answers a token that is %s as any other wrong one, with no cookie", async (_name, fields) => {
    const { post, get } = await createConsole();
    const [wrong, answer] = [await post("/admin/login", { token: "x" }), await post("/admin/login", fields)];
    expect([answer.status, answer.headers.get("Set-Cookie")]).toEqual([401, null]);
    expect(await answer.text()).toBe(await wrong.text());
    expect((await get("/admin", { Cookie: "__Host-sandpiper=admin.x.y" })).status).toBe(401);
  });

  it.each([
    ["another site", { "Sec-Fetch-Site": "cross-site" }],
    ["another host of this site", { "Sec-Fetch-Site": "same-site" }],
    ["no page", { "Sec-Fetch-Site": "none" }],
    ["another site, by an older browser", { "Sec-Fetch-Site": "", Origin: "https://elsewhere.test" }],
  ])("refuses a form from %s", async (_name, headers) => {
    const { post } = await createConsole();
    const response = await post("/admin/login", { token: adminToken }, headers);
    expect([response.status, response.headers.get("Set-Cookie")]).toEqual([403, null]);
  });

  it("goes by Origin where a browser says no Sec-Fetch-Site, and refuses a client that says neither", async () => {
    const { fetch } = await createConsole();
    const send = async (headers: Record<string, string>) => {
      const body = new URLSearchParams({ token: adminToken });
      const request = new Request("https://bot.test/admin/login", {
        method: "POST",
        body,
        headers,
        redirect: "manual",
      });
      return (await fetch(request)).status;
    };
    expect([await send({ Origin: "https://bot.test" }), await send({ Origin: "null" }), await send({})]).toEqual([
      303, 403, 403,
    ]);
  });

  it.each(["//elsewhere.test", "https://elsewhere.test/admin", "/administer", "/admin\r\nX: y", ""])(
    "goes on to the overview, not to %j",
    async (next) => {
      const { post } = await createConsole();
      const response = await post("/admin/login", { token: adminToken, next });
      expect(response.headers.get("Location")).toBe("/admin");
    },
  );

  it("is refused to a network after ten tries in a quarter of an hour, with the right token too, and to no other", async () => {
    const { post } = await createConsole();
    const from = (address: string, token: string) => post("/admin/login", { token }, { "CF-Connecting-IP": address });
    for (let index = 0; index < 10; index++) expect((await from(`2001:db8::${index}`, "x")).status).toBe(401);
    const limited = await from("2001:db8:0:0:ffff::1", adminToken);
    expect([limited.status, limited.headers.get("Set-Cookie")]).toEqual([429, null]);
    expect(Number(limited.headers.get("Retry-After"))).toBeGreaterThan(800);
    expect(await limited.text()).toContain("Too many tries. Try again in 15 min.");
    expect((await from("2001:db8:0:1::1", adminToken)).status).toBe(303);
    expect((await from("192.0.2.7", adminToken)).status).toBe(303);
  });

  it("costs four commands, one more behind the answer, and a wrong token one", async () => {
    const { post, database } = await createConsole();
    const cost = (token: string) => database.cost(() => post("/admin/login", { token }));
    expect(await cost("x")).toEqual({ requests: 1, SET: 1 });
    expect(await cost(adminToken)).toEqual({ requests: 3, APPEND: 1, GETEX: 1, SET: 3 });
  });

  it("says in plain words that Redis does not answer", async () => {
    const { post, get, logIn, database } = await createConsole();
    const { cookie } = await logIn();
    await database.break({ at: "before", do: "status", status: 500, times: 20 });
    for (const response of [
      await post("/admin/login", { token: adminToken }),
      await get("/admin", { Cookie: cookie }),
    ]) {
      expect(response.status).toBe(503);
      expect(await response.text()).toContain("The bot\u0026#39;s memory");
    }
    await database.mend();
  });
});

describe("a login", () => {
  it("ends with a new admin token, in every isolate", async () => {
    const database = createDatabase();
    const before = await createConsole({ database });
    const { cookie } = await before.logIn();
    const after = await createConsole({ database, env: { ADMIN_TOKEN: `new-${adminToken}` } });
    expect((await before.get("/admin/jobs", { Cookie: cookie })).status).toBe(200);
    expect((await after.get("/admin/jobs", { Cookie: cookie })).status).toBe(401);
  });

  it("is listed with its browser, and ends for those who hold its cookie when another ends it", async () => {
    const { get, post, logIn } = await createConsole();
    const old = await logIn({ "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1" });
    const { cookie, formToken } = await logIn();
    const page = await (await get("/admin/logins", { Cookie: cookie })).text();
    expect(page).toContain("Safari on iPhone");
    const id = /\.([\w-]{22})\./.exec(old.cookie)?.[1] ?? "";
    const ended = await post("/admin/actions/end-login", { formToken, id, back: "/admin/logins" }, { Cookie: cookie });
    expect([ended.status, ended.headers.get("Location")]).toEqual([
      303,
      expect.stringMatching(/^\/admin\/logins\?did=\d/),
    ]);
    expect((await get("/admin/logins", { Cookie: old.cookie })).status).toBe(401);
    expect((await get("/admin/logins", { Cookie: cookie })).status).toBe(200);
  });

  it("ends with its logout, which takes the cookie back", async () => {
    const { get, post, logIn } = await createConsole();
    const { cookie, formToken } = await logIn();
    expect((await post("/admin/logout", { formToken: "x" }, { Cookie: cookie })).status).toBe(403);
    const response = await post("/admin/logout", { formToken }, { Cookie: cookie });
    expect(response.headers.get("Set-Cookie")).toMatch(/^__Host-sandpiper=; .*Max-Age=0/);
    expect((await get("/admin/logins", { Cookie: cookie })).status).toBe(401);
  });
});

it("takes an admin token of several words, as a form and as a bearer", async () => {
  const words = "correct horse battery staple";
  const { post, get } = await createConsole({ env: { ADMIN_TOKEN: words } });
  expect((await post("/admin/login", { token: words })).status).toBe(303);
  const answer = async (sent: string) => (await get("/admin/api/jobs", { Authorization: `Bearer ${sent}` })).status;
  expect([await answer(words), await answer("correct"), await answer(`${words} `)]).toEqual([200, 401, 200]);
});

describe("what a login may do", () => {
  it("is to read by its cookie, and to write with its own form token from its own page alone", async () => {
    const { api, post, logIn, fetch } = await createConsole();
    const [own, other] = [await logIn(), await logIn()];
    const forms = async (formToken: string, site: string) =>
      (
        await post(
          "/admin/actions/invalidate",
          { everything: "yes", formToken },
          { Cookie: own.cookie, "Sec-Fetch-Site": site },
        )
      ).status;
    expect([await forms(own.formToken, "cross-site"), await forms(other.formToken, "same-origin")]).toEqual([403, 403]);
    expect([await forms("", "same-origin"), await forms(own.formToken, "same-origin")]).toEqual([403, 303]);
    const ask = async (headers: Record<string, string>) =>
      (await api("actions/invalidate", { everything: "yes" }, { Cookie: own.cookie, ...headers })).status;
    const token = { "X-Form-Token": own.formToken };
    expect(await ask({})).toBe(401);
    expect(await ask({ "Sec-Fetch-Site": "same-origin" })).toBe(401);
    expect(await ask({ ...token, "Sec-Fetch-Site": "cross-site" })).toBe(401);
    expect(await ask({ ...token, "Sec-Fetch-Site": "same-origin" })).toBe(200);
    expect((await api("jobs", undefined, { Cookie: own.cookie })).status).toBe(200);
    const url = "https://bot.test/admin/api/jobs";
    expect((await fetch(new Request(url, { method: "HEAD", headers: { Cookie: own.cookie } }))).status).toBe(200);
    expect((await api("jobs", undefined, {})).status).toBe(401);
  });

  it("is to hear the bus by its cookie, and to publish with its form token", async () => {
    const { get, api, logIn } = await createConsole();
    const { cookie, formToken } = await logIn();
    const stream = await get("/admin/api/events?channel=*&slowMs=1500", { Cookie: cookie });
    expect(stream.status).toBe(200);
    await stream.body?.cancel();
    expect((await get("/admin/api/events?channel=*", { Cookie: "__Host-sandpiper=a.b.c" })).status).toBe(401);
    expect((await get("/admin/api/events?channel=*&slowMs=10", { Cookie: cookie })).status).toBe(400);
    const publish = async (headers: Record<string, string>) =>
      (await api("events/shop", { a: 1 }, { Cookie: cookie, "Sec-Fetch-Site": "same-origin", ...headers })).status;
    expect([await publish({}), await publish({ "X-Form-Token": formToken })]).toEqual([401, 202]);
  });
});

describe("every page", () => {
  it("costs a command for the login and those of its list, in two round trips", async () => {
    const { get, logIn, database } = await createConsole();
    const { cookie } = await logIn();
    const cost = async (path: string) =>
      database.cost(async () => void (await (await get(path, { Cookie: cookie })).text()));
    expect(await cost("/admin/jobs")).toEqual({ requests: 2, MGET: 1, ZCARD: 1, ZRANGE: 1 });
    expect(await cost("/admin/dead-letters")).toEqual({ requests: 2, MGET: 1, XLEN: 1, XRANGE: 1 });
  });

  it.each([
    ["/admin/api/status", {}, 401],
    ["/admin/api/status", { Authorization: `Bearer ${adminToken}` }, 200],
    ["/admin/api/metrics", { Authorization: `Bearer ${adminToken}` }, 200],
    ["/admin/api/jobs", { Authorization: `Bearer ${adminToken}` }, 200],
    ["/admin/api/events?channel=", { Authorization: `Bearer ${adminToken}` }, 400],
    ["/admin/api/tick", { Authorization: `Bearer ${adminToken}` }, 404],
    ["/admin/api/nothing", { Authorization: `Bearer ${adminToken}` }, 404],
    ["/admin/assets/nothing.js", {}, 404],
    ["/admin", {}, 401],
  ])(
    "and every other answer is kept by no cache, and is no page that does anything: %s",
    async (path, headers, status) => {
      const { get } = await createConsole();
      const answer = await get(path, headers);
      expect(answer.status).toBe(status);
      expect(answer.headers.get("Cache-Control")).toBe("no-store");
      expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(answer.headers.get("Content-Security-Policy")).toMatch(/^default-src 'none'.*frame-ancestors 'none'/);
    },
  );

  it("is guarded where a request fails, is not configured, or has no admin token", async () => {
    const broken = await createConsole({ env: { UPSTASH_REDIS_REST_URL: "nonsense" } });
    const bare = await createConsole({ env: { ADMIN_TOKEN: undefined } });
    for (const answer of [await broken.get("/admin"), await bare.get("/admin")]) {
      expect([answer.status, answer.headers.get("Cache-Control")]).toEqual([expect.any(Number), "no-store"]);
      expect(answer.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
    }
  });

  it("is kept by no cache and framed by no site, and runs no script but its own", async () => {
    const { get, logIn } = await createConsole();
    const { cookie } = await logIn();
    for (const [path, headers] of [
      ["/admin", {}],
      ["/admin", { Cookie: cookie }],
      ["/admin/nowhere", { Cookie: cookie }],
      ["/admin/api/jobs", { Cookie: cookie }],
    ] as const) {
      const response = await get(path, headers);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "strict-transport-security": "max-age=15552000; includeSubDomains",
        "content-security-policy":
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      });
      if (path === "/admin") expect(await response.text()).toMatch(/^<!doctype html><html lang="en">/);
    }
  });

  it("has its files under names of their content, kept by browsers for a year, the script below 3 kB", async () => {
    const { get, logIn } = await createConsole();
    const { cookie } = await logIn();
    const page = await (await get("/admin", { Cookie: cookie })).text();
    const paths = [...page.matchAll(/(?:href|src)="(\/admin\/assets\/[\w-]{12}\.(?:css|js))"/g)].map(
      ([, path = ""]) => path,
    );
    expect(paths).toHaveLength(2);
    for (const path of paths) {
      const file = await get(path);
      expect(file.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
      if (path.endsWith(".js")) expect((await file.text()).length).toBeLessThan(3_000);
    }
    expect((await get("/admin/assets/other.css")).status).toBe(404);
  });

  it.each([
    "/admin",
    "/admin/",
    "/admin/jobs",
    "/admin/logins",
    "/admin/assets/x.css",
    "/admin/api/jobs",
    "/admin/api/events",
  ])("is a 404 at %s while there is no admin token", async (path) => {
    const { get, post } = await createConsole({ env: { ADMIN_TOKEN: undefined } });
    const headers = { Authorization: "Bearer undefined", Cookie: "__Host-sandpiper=a.b.c" };
    expect([(await get(path, headers)).status, (await post("/admin/login", { token: "" })).status]).toEqual([404, 404]);
  });
});
