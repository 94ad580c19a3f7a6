import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { startFront } from "../../../../local/dev/front.ts";

/** A Worker that answers with its name. */
async function startNamed(name: string): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().once("end", () => response.end(`${name} ${request.method} ${request.url}`));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function start(state: { holdMs?: number; settled: Promise<void>; target: string | undefined }) {
  const probe = createServer();
  const port = await new Promise<number>((resolve) => {
    probe.listen(0, "127.0.0.1", () => resolve((probe.address() as AddressInfo).port));
  });
  await new Promise((resolve) => probe.close(resolve));
  const lines: string[] = [];
  const end = await startFront({
    host: "127.0.0.1",
    port,
    holdMs: state.holdMs ?? 2_000,
    settled: () => state.settled,
    target: () => state.target,
    reason: () => "src/bot/ping.ts:8:3: Early.",
    onAnswer: (line) => lines.push(line),
  });
  onTestFinished(end);
  return { url: `http://127.0.0.1:${port}`, lines };
}

it("holds a request until what was saved answers it", async () => {
  const save = Promise.withResolvers<void>();
  const state = { settled: save.promise, target: await startNamed("old") };
  const { url, lines } = await start(state);
  const asked = fetch(`${url}/interactions`, { method: "POST", body: "{}" });
  state.target = await startNamed("new");
  save.resolve();
  expect(await (await asked).text()).toBe("new POST /interactions");
  expect(lines).toEqual([expect.stringMatching(/^POST \/interactions 200 in \d+ ms$/)]);
});

it("lets the Worker of before answer when a build takes long", async () => {
  const { url } = await start({ holdMs: 20, settled: new Promise(() => {}), target: await startNamed("old") });
  expect(await (await fetch(url)).text()).toBe("old GET /");
});

it("answers with the sentence while there is no Worker", async () => {
  const { url } = await start({ settled: Promise.resolve(), target: undefined });
  const response = await fetch(url);
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ error: "src/bot/ping.ts:8:3: Early." });
});

it("passes on the method, the body, the status and the headers, but for those of the connection", async () => {
  let seen: Record<string, unknown> = {};
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.once("end", () => {
      seen = { method: request.method, body, custom: request.headers["x-custom"], host: request.headers.host };
      response.writeHead(418, { "X-Answer": "yes" }).end("tea");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { url, lines } = await start({ settled: Promise.resolve(), target });
  const response = await fetch(`${url}/a?b=c`, { method: "PUT", body: "hello", headers: { "X-Custom": "1" } });
  expect([response.status, response.headers.get("X-Answer"), await response.text()]).toEqual([418, "yes", "tea"]);
  expect(seen).toEqual({ method: "PUT", body: "hello", custom: "1", host: new URL(url).host });
  expect(lines).toEqual([expect.stringMatching(/^PUT \/a\?b=c 418 in \d+ ms$/)]);
});

it("does not tell of ticks of the cron", async () => {
  const { url, lines } = await start({ settled: Promise.resolve(), target: await startNamed("old") });
  expect(await (await fetch(`${url}/cdn-cgi/local/scheduled`)).text()).toBe("old GET /cdn-cgi/local/scheduled");
  expect(lines).toEqual([]);
});

it("refuses a page of another origin, and a link to the cron", async () => {
  const { url } = await start({ settled: Promise.resolve(), target: await startNamed("old") });
  const refused = await fetch(url, { headers: { Origin: "https://example.com" } });
  expect([refused.status, await refused.json()]).toEqual([403, { error: expect.stringContaining("example.com") }]);
  const link = await fetch(`${url}/cdn-cgi/local/scheduled`, { headers: { "Sec-Fetch-Site": "cross-site" } });
  expect(link.status).toBe(403);
});

it("says that the Worker did not answer, and cuts off an answer that breaks off", async () => {
  const { url } = await start({ settled: Promise.resolve(), target: "http://127.0.0.1:1" });
  const response = await fetch(url);
  expect([response.status, await response.json()]).toEqual([
    502,
    { error: expect.stringMatching(/^The Worker did not answer: .*ECONNREFUSED/) },
  ]);
  const breaking = createServer((_, answer) => {
    answer.writeHead(200, { "Content-Length": "100" });
    answer.write("half", () => answer.destroy());
  });
  await new Promise<void>((resolve) => breaking.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void breaking.close());
  const target = `http://127.0.0.1:${(breaking.address() as AddressInfo).port}`;
  const other = await start({ settled: Promise.resolve(), target });
  await expect(fetch(other.url).then((one) => one.text())).rejects.toThrow();
});

it("ends the request to the Worker when the client is gone", async () => {
  const gone = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const server = createServer((request) => {
    request.once("close", () => gone.resolve());
    asked.resolve();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { url } = await start({ settled: Promise.resolve(), target });
  const abort = new AbortController();
  const asking = fetch(url, { signal: abort.signal });
  await asked.promise;
  abort.abort();
  await expect(asking).rejects.toThrow();
  await gone.promise;
});

it("rejects where the port is taken", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const starting = startFront({
    host: "127.0.0.1",
    port,
    holdMs: 1,
    settled: async () => {},
    target: () => undefined,
    reason: () => "",
    onAnswer() {},
  });
  await expect(starting).rejects.toThrow("EADDRINUSE");
});
