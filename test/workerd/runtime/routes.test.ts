import { Hono } from "hono";
import { beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { answerFailure } from "../../../src/runtime/other-routes.ts";
import { createTestBot } from "../../support/bot.ts";
import { slash } from "../../support/payloads.ts";

type Bot = Awaited<ReturnType<typeof createTestBot>>;
let bot: Bot;
beforeAll(async () => void (bot = await createTestBot()));

const ping = { id: "1", application_id: "2", type: 1, token: "t", version: 1 };

/** Sends a body that Discord signed to any path. */
const send = async (path: string, body: unknown): Promise<Response> =>
  bot.fetch(await bot.signer.request(body, { path }));

it.each(["/interactions", "/interactions/", "/"])("answers what Discord signed at POST %s", async (path) => {
  const pong = await send(path, ping);
  expect([pong.status, await pong.json()]).toEqual([200, { type: 1 }]);
  const answer = await send(path, slash("ping"));
  expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ type: 4 })]);
});

it.each(["/interactions", "/interactions/", "/"])(
  "answers 401 to what Discord did not sign at POST %s",
  async (path) => {
    const response = await bot.fetch(new Request(`https://bot.test${path}`, { method: "POST", body: "{}" }));
    expect(response.status).toBe(401);
  },
);

it.each(["/webhook-events", "/webhook-events/"])("answers 204 to the PING of webhook events at %s", async (path) => {
  expect((await send(path, { version: 1, application_id: "2", type: 0 })).status).toBe(204);
});

it("answers 405 to another method, with and without a slash at the end", async () => {
  for (const path of ["/interactions", "/interactions/", "/webhook-events/"]) {
    const response = await bot.fetch(new Request(`https://bot.test${path}`));
    expect([response.status, response.headers.get("Allow")]).toEqual([405, "POST"]);
  }
});

it("names the right paths where Discord or a person looks at a wrong one", async () => {
  const hint = "; Discord's interactions go to POST /interactions, its events to POST /webhook-events";
  const lost = await send("/interaction", ping);
  expect([lost.status, await lost.json()]).toEqual([404, { error: `there is nothing at POST /interaction${hint}` }]);
  const page = await bot.fetch(new Request("https://bot.test/"));
  expect([page.status, await page.json()]).toEqual([404, { error: `there is nothing at GET /${hint}` }]);
});

it("serves its other routes with a slash at the end", async () => {
  expect((await bot.fetch(new Request("https://bot.test/health/"))).status).toBe(200);
  expect((await bot.fetch(new Request("https://bot.test/admin/api/events/?channel=a"))).status).toBe(
    (await bot.fetch(new Request("https://bot.test/admin/api/events?channel=a"))).status,
  );
});

it("answers under /admin what no cache keeps, no page frames and no browser takes for a script", async () => {
  const response = await bot.fetch(new Request("https://bot.test/admin/api/nothing"));
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
  });
});

it("answers 404 under /admin without the dashboard, but for the routes of systems", async () => {
  const adminToken = "an-admin-token-of-24-characters-or-more";
  const bare = await createTestBot({ env: { ADMIN_TOKEN: adminToken }, hasDashboard: false });
  const headers = { Authorization: `Bearer ${adminToken}` };
  const get = (path: string, sent: Record<string, string> = headers) =>
    bare.fetch(new Request(`https://bot.test/admin${path}`, { headers: sent }));
  for (const path of ["", "/", "/jobs", "/login", "/api/jobs", "/api/audit"]) {
    const response = await get(path);
    expect([path, response.status, await response.json()]).toEqual([
      path,
      404,
      { error: "this Worker has no dashboard: createWorker takes it as `dashboard`" },
    ]);
  }
  expect([(await get("/api/status")).status, (await get("/api/metrics")).status]).toEqual([200, 200]);
  expect((await get("/api/status", { Cookie: "__Host-admin=a.b" })).status).toBe(401);
});

it("answers 503 under /admin and names what is missing when not configured, whatever token comes", async () => {
  const env = { ADMIN_TOKEN: "a".repeat(24), UPSTASH_REDIS_REST_TOKEN: undefined };
  const half = await createTestBot({ env });
  const headers = { Authorization: `Bearer ${env.ADMIN_TOKEN}` };
  const response = await half.fetch(new Request("https://bot.test/admin/api/events?channel=a", { headers }));
  expect([response.status, await response.json()]).toEqual([
    503,
    { error: expect.stringContaining("UPSTASH_REDIS_REST_TOKEN is missing") },
  ]);
});

it("tells nothing of an unexpected error in the answer, and all of it in the log", async () => {
  const logged: string[] = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void logged.push(line));
  onTestFinished(() => void vi.restoreAllMocks());
  const app = new Hono().onError(answerFailure).get("/broken", () => {
    throw new Error("secret detail");
  });
  const response = await app.request("/broken");
  expect([response.status, await response.json()]).toEqual([500, { error: "something went wrong; the log says what" }]);
  expect(logged.join()).toContain("secret detail");
});
