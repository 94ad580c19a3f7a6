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
