import { request } from "node:http";
import { afterAll, expect, it } from "vitest";
import { createCloudflare } from "../../../../local/cloudflare/index.ts";

// What wrangler does, by hand: an upload is a form, and a deployment names its version.

const cloudflare = await createCloudflare();
afterAll(() => cloudflare.close());
const { CLOUDFLARE_API_BASE_URL: base, CLOUDFLARE_API_TOKEN: token, CLOUDFLARE_ACCOUNT_ID: id } = cloudflare.env;

async function call<T>(method: string, path: string, body?: string | FormData): Promise<T> {
  const response = await fetch(`${base}/accounts/${id}/workers/scripts/${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}` },
    ...(body !== undefined && { body }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { result: T }).result;
}

/** A Worker that says its name, what it is bound to, and how often its cron fired. */
function formOf(name: string, bindings: object[] = []): FormData {
  const form = new FormData();
  form.set(
    "metadata",
    JSON.stringify({
      main_module: "main.js",
      compatibility_date: "2026-10-01",
      bindings: [...bindings, { name: "VERSION", type: "version_metadata" }],
      annotations: { "workers/tag": `tag of ${name}` },
    }),
  );
  const source = `import { name } from "./a.js";
    let ticks = 0;
    export default {
      async fetch(request, env) {
        const { pathname, search } = new URL(request.url);
        if (pathname === "/moved") return new Response(null, { status: 302, headers: { Location: "/there" } });
        if (pathname === "/none") return new Response(null, { status: 204 });
        if (pathname === "/bytes") return new Response(await request.arrayBuffer(), { headers: { "X-Method": request.method } });
        return Response.json({ name, ticks, path: pathname + search, tag: env.VERSION.tag, id: env.VERSION.id, at: env.VERSION.timestamp, secret: env.SECRET });
      },
      async scheduled() { ticks += 1; },
    };`;
  for (const [path, text] of [
    ["a.js", `export const name = ${JSON.stringify(name)};`],
    ["main.js", source],
  ] as const)
    form.set(path, new File([text], path, { type: "application/javascript+module" }));
  return form;
}

const seen = async (path = "/") => (await fetch(cloudflare.edgeUrl + path)).json() as Promise<Record<string, unknown>>;
const secret = { name: "SECRET", type: "secret_text", text: "hidden" };

it("answers as Cloudflare does where no Worker is", async () => {
  const response = await fetch(cloudflare.edgeUrl);
  expect([response.status, await response.text()]).toEqual([404, "error code: 1042"]);
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(token?.length).toBeGreaterThan(20);
});

it("runs what is uploaded, then the version that is deployed, with the secrets of the one before", async () => {
  await call("PUT", "bot", formOf("first", [secret]));
  const first = await seen("/a?b=c");
  expect(first).toMatchObject({ name: "first", path: "/a?b=c", tag: "tag of first", secret: "hidden" });
  expect(Math.abs(Date.now() - Date.parse(String(first["at"])))).toBeLessThan(60_000);
  expect(cloudflare.workers.get("bot")?.id).toBe(first["id"]);

  const { id: version } = await call<{ id: string }>("POST", "bot/versions", formOf("second"));
  expect(await seen()).toMatchObject({ name: "first" });
  const deploy = (one: string) => call("POST", "bot/deployments", JSON.stringify({ versions: [{ version_id: one }] }));
  await deploy("unknown");
  expect(await seen()).toMatchObject({ name: "first" });
  await deploy(version);
  await deploy(version);
  expect(await seen()).toMatchObject({ name: "second", id: version, secret: "hidden" });
});

it("passes on methods, bodies, statuses and headers", async () => {
  const moved = await fetch(`${cloudflare.edgeUrl}/moved`, { redirect: "manual" });
  expect([moved.status, moved.headers.get("Location")]).toEqual([302, "/there"]);
  expect((await fetch(`${cloudflare.edgeUrl}/none`)).status).toBe(204);
  const byte = await fetch(`${cloudflare.edgeUrl}/bytes`, { method: "POST", body: "x" });
  expect(await byte.text()).toBe("x");
  const body = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const echoed = await fetch(`${cloudflare.edgeUrl}/bytes`, { method: "PUT", body });
  expect(echoed.headers.get("X-Method")).toBe("PUT");
  expect(new Uint8Array(await echoed.arrayBuffer())).toEqual(body);
  expect((await fetch(cloudflare.edgeUrl, { method: "HEAD" })).status).toBe(200);
});

it("unpacks what the Worker packed", async () => {
  const head = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const sent = request(cloudflare.edgeUrl, { headers: { "Accept-Encoding": "gzip" } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ ...response.headers, text: Buffer.concat(chunks).toString() }));
    });
    sent.on("error", reject).end();
  });
  expect(head).not.toHaveProperty("content-encoding");
  expect(JSON.parse(String(head["text"]))).toMatchObject({ name: "second" });
});

it("fires the cron of Workers with a schedule alone", async () => {
  cloudflare.tick();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await seen()).toMatchObject({ ticks: 0 });
  await call("PUT", "bot/schedules", JSON.stringify([{ cron: "* * * * *" }]));
  cloudflare.tick();
  await expect.poll(async () => (await seen())["ticks"], { timeout: 5_000 }).toBe(1);
});

it("tells a live log of each request, without what follows its path", async () => {
  const { url } = await call<{ url: string }>("POST", "bot/tails");
  const tail = new WebSocket(url, "trace-v1");
  const heard: string[] = [];
  tail.addEventListener("message", ({ data }) => heard.push(String(data)));
  await new Promise((resolve) => tail.addEventListener("open", resolve));
  await fetch(`${cloudflare.edgeUrl}/moved?token=secret`, { redirect: "manual", method: "POST" });
  await expect.poll(() => heard.length).toBe(1);
  tail.close();
  expect(JSON.parse(heard[0] ?? "")).toEqual({
    outcome: "ok",
    scriptName: "bot",
    eventTimestamp: expect.any(Number),
    event: {
      request: { url: "https://bot.tide.workers.dev/moved", method: "POST", headers: {} },
      response: { status: 302 },
    },
    logs: [],
    exceptions: [],
  });
});

it("answers with the Worker that was deployed last", async () => {
  await call("PUT", "other", formOf("other"));
  expect(await seen()).toMatchObject({ name: "other" });
  await call("PUT", "bot", formOf("third"));
  expect(await seen()).toMatchObject({ name: "third" });
  expect([...cloudflare.workers.keys()]).toEqual(["other", "bot"]);
});

it("leaves nothing that answers when it closes", async () => {
  const another = await createCloudflare();
  await another.close();
  await expect(fetch(another.edgeUrl)).rejects.toThrow();
  await expect(fetch(another.env["CLOUDFLARE_API_BASE_URL"] ?? "")).rejects.toThrow();
});
