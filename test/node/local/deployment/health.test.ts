import { expect, it } from "vitest";
import { readHealth } from "../../../../local/deployment/health.ts";
import { listen } from "./support.ts";

it("reads what a Worker says of itself, and when", async () => {
  const health = {
    ok: true,
    redis: { ok: true, latencyMs: 3 },
    version: { id: "1", tag: "t", timestamp: "2026-01-01" },
    now: 5,
    tickedAt: null,
  };
  const paths: string[] = [];
  const url = await listen((request) => {
    paths.push(new URL(request.url).pathname);
    return Response.json(health);
  });
  const before = Date.now();
  const reading = await readHealth(url);
  expect(reading).toEqual({ is: "read", health, receivedAt: expect.any(Number) });
  expect(reading.is === "read" && reading.receivedAt - before).toBeGreaterThanOrEqual(0);
  expect(paths).toEqual(["/health"]);
});

it("reads a Worker that is not well, too", async () => {
  const url = await listen(() =>
    Response.json({ ok: false, error: "DISCORD_PUBLIC_KEY is missing." }, { status: 503 }),
  );
  expect(await readHealth(url)).toMatchObject({
    is: "read",
    health: { ok: false, error: "DISCORD_PUBLIC_KEY is missing." },
  });
});

it.each([
  ["text", () => new Response("Hello\n\n  world", { status: 200 }), 200, "Hello world"],
  ["other JSON", () => Response.json({ status: "up" }, { status: 404 }), 404, '{"status":"up"}'],
  ["a long page", () => new Response(`<p>${"x".repeat(300)}`), 200, `<p>${"x".repeat(97)}`],
  ["a redirect", () => new Response("moved", { status: 302, headers: { Location: "/login" } }), 302, "moved"],
])("finds it strange that %s is answered", async (_, answer, status, text) => {
  const url = await listen(answer);
  expect(await readHealth(url)).toEqual({ is: "strange", status, text });
});

it("says why an address does not answer, with the system's reason", async () => {
  const reading = await readHealth("http://127.0.0.1:1");
  expect(reading).toEqual({ is: "unreachable", reason: expect.stringMatching(/^fetch failed \(.+\)$/) });
});

it("waits for an answer no longer than it is given", async () => {
  const url = await listen(() => new Promise<Response>((resolve) => setTimeout(resolve, 3_000, new Response("late"))));
  const startedAt = performance.now();
  const reading = await readHealth(url, 100);
  expect(reading).toMatchObject({ is: "unreachable", reason: expect.stringMatching(/timeout/i) });
  expect(reading.is === "unreachable" && reading.reason).not.toContain("(");
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
