import { expect, it } from "vitest";
import { base64url, sha256, systemClock } from "../../../src/platform/index.ts";
import { createTickApp, type TickOptions } from "../../../src/web/index.ts";
import { authorised, token } from "./support.ts";

const current = "sig_current";
const next = "sig_next";
const now = Date.parse("2026-06-01T12:00:00Z");
const seconds = now / 1_000;
const encoder = new TextEncoder();
const part = (value: unknown) => base64url(encoder.encode(JSON.stringify(value)));

/** Signs as QStash does: a JWT under HMAC-SHA-256, its digest of the body padded. */
async function sign(key: string, claims: Record<string, unknown> = {}, body = ""): Promise<string> {
  const payload = {
    iss: "Upstash",
    sub: "https://bot.example/?seconds=50",
    exp: seconds + 300,
    nbf: seconds,
    iat: seconds,
    jti: "jwt_1",
    body: `${base64url(await sha256(body))}=`,
    ...claims,
  };
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(payload)}`;
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", encoder.encode(key), algorithm, false, ["sign"]);
  return `${text}.${base64url(new Uint8Array(await crypto.subtle.sign("HMAC", imported, encoder.encode(text))))}`;
}

function createApp(options: Partial<TickOptions> = {}) {
  const ticks: number[] = [];
  const background: Promise<unknown>[] = [];
  const app = createTickApp({
    adminToken: () => token,
    qstashKeys: () => [current, next],
    async run(_c, ms) {
      ticks.push(ms);
      return { jobs: { done: 2 } };
    },
    waitUntil: (_c, work) => void background.push(work),
    clock: { ...systemClock, now: () => now },
    ...options,
  });
  const post = (query = "", headers: Record<string, string> = authorised, body = "") =>
    app.request(`http://10.0.0.7:8080/${query}`, { method: "POST", headers, body });
  return { post, ticks, background };
}

it("does what is due now and answers with what it did", async () => {
  const { post, ticks } = createApp();
  const response = await post();
  expect([response.status, await response.json()]).toEqual([200, { ok: true, jobs: { done: 2 } }]);
  expect(ticks).toEqual([1]);
});

it("goes on for as many seconds as it is asked to", async () => {
  const { post, ticks } = createApp();
  expect((await post("?seconds=120")).status).toBe(200);
  expect(ticks).toEqual([120_000]);
});

it("answers 202 before the tick has ended with wait=no", async () => {
  const tick = Promise.withResolvers<{ jobs: object }>();
  const { post, background } = createApp({ run: () => tick.promise });
  const response = await post("?seconds=50&wait=no");
  expect([response.status, await response.json()]).toEqual([202, { ok: true }]);
  expect(background).toEqual([tick.promise]);
});

it.each(["?seconds=121", "?seconds=-1", "?seconds=1.5", "?seconds=", "?seconds=ten", "?wait=maybe"])(
  "answers 400 to %s",
  async (query) => {
    const { post, ticks } = createApp();
    const response = await post(query);
    expect([response.status, await response.json()]).toEqual([400, { error: expect.stringContaining("must be") }]);
    expect(ticks).toEqual([]);
  },
);

it("answers 503 when Redis did not answer, so that the caller tries again", async () => {
  const { post } = createApp({ run: async () => ({ jobs: { failed: 1 } }) });
  const response = await post();
  expect([response.status, await response.json()]).toMatchObject([503, { ok: false, jobs: { failed: 1 } }]);
  const mended = createApp({ run: async () => ({ jobs: { failed: 1, done: 1 } }) });
  expect((await mended.post()).status).toBe(200);
});

it.each([
  ["neither token nor signature", {}, 401],
  ["another token", { Authorization: "Bearer another-token-of-24-characters" }, 401],
])("answers 401 to %s", async (_name, headers, status) => {
  const { post, ticks } = createApp();
  expect([(await post("", headers)).status, ticks]).toEqual([status, []]);
});

it("answers 404 without an admin token and without QStash", async () => {
  const { post } = createApp({ adminToken: () => undefined, qstashKeys: () => [] });
  expect((await post()).status).toBe(404);
  expect((await post("", { "Upstash-Signature": await sign(current) })).status).toBe(404);
});

it.each([current, next])("takes what QStash signed with %s, without an admin token", async (key) => {
  const { post, ticks } = createApp({ adminToken: () => undefined });
  const headers = { "Upstash-Signature": await sign(key) };
  expect([(await post("?seconds=50", headers)).status, ticks]).toEqual([200, [50_000]]);
});

it("takes a signed body, and a digest without padding", async () => {
  const { post } = createApp();
  const headers = { "Upstash-Signature": await sign(current, {}, '{"any":"body"}') };
  expect((await post("?seconds=50", headers, '{"any":"body"}')).status).toBe(200);
  const bare = { "Upstash-Signature": await sign(current, { body: base64url(await sha256("")) }) };
  expect((await post("?seconds=50", bare)).status).toBe(200);
});

it.each<[string, string, Record<string, unknown>]>([
  ["another key", "sig_other", {}],
  ["another issuer", current, { iss: "Somebody" }],
  ["another path", current, { sub: "https://bot.example/other?seconds=50" }],
  ["another query", current, { sub: "https://bot.example/?seconds=120" }],
  ["an address that is none", current, { sub: "bot" }],
  ["another body", current, { body: base64url(new Uint8Array(32)) }],
  ["no body", current, { body: undefined }],
  ["a time that is over", current, { exp: seconds - 31 }],
  ["no end", current, { exp: undefined }],
  ["a time to come", current, { nbf: seconds + 31 }],
  ["no beginning", current, { nbf: undefined }],
])("answers 401 to a signature of %s", async (_name, key, claims) => {
  const { post, ticks } = createApp();
  const response = await post("?seconds=50", { "Upstash-Signature": await sign(key, claims) });
  expect([response.status, await response.json()]).toEqual([401, { error: expect.stringContaining("QSTASH_CURRENT") }]);
  expect(ticks).toEqual([]);
});

it.each(["", "a.b", "a.b.c", "a.b.c.d", "ä.b.c", "....", `${"a".repeat(10_000)}.b.c`])(
  "answers 401 to a signature that is none: %s",
  async (signature) => {
    const { post } = createApp();
    expect((await post("", { "Upstash-Signature": encodeURI(signature) })).status).toBe(401);
  },
);

it("answers 401 when the header, the claims or the signature was changed", async () => {
  const { post } = createApp();
  const [header, , signature] = (await sign(current)).split(".");
  const [otherHeader, claims] = (await sign(current, { jti: "jwt_2" })).split(".");
  for (const forged of [
    `${header}.${claims}.${signature}`,
    `${part({ alg: "none" })}.${claims}.`,
    `${otherHeader}.${claims}`,
  ]) {
    expect((await post("?seconds=50", { "Upstash-Signature": forged })).status).toBe(401);
  }
});

it("answers 401 to a signed body of more than 64 KiB, which it does not read", async () => {
  const { post } = createApp();
  const body = "x".repeat(65_537);
  expect((await post("?seconds=50", { "Upstash-Signature": await sign(current, {}, body) }, body)).status).toBe(401);
  const fits = body.slice(1);
  expect((await post("?seconds=50", { "Upstash-Signature": await sign(current, {}, fits) }, fits)).status).toBe(200);
});

it("takes the admin token when QStash is not set up, whatever signature comes along", async () => {
  const { post } = createApp({ qstashKeys: () => [] });
  expect((await post("", { ...authorised, "Upstash-Signature": "a.b.c" })).status).toBe(200);
});
