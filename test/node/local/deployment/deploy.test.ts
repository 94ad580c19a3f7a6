import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, it, vi } from "vitest";
import { createCloudflare } from "../../../../local/cloudflare/index.ts";
import { buildId } from "../../../../local/deployment/build-id.ts";
import { deploy } from "../../../../local/deployment/wrangler.ts";
import { deployment } from "../../../../local/setup/deploy.ts";
import { createTools } from "../setup/support.ts";
import { createFolder } from "./support.ts";

// The real wrangler uploads a small Worker to a Cloudflare on this machine.

const cloudflare = await createCloudflare();
afterAll(() => cloudflare.close());

beforeEach(() => {
  for (const [name, value] of Object.entries(cloudflare.env)) vi.stubEnv(name, value);
  vi.stubEnv("WRANGLER_LOG_SANITIZE", "false");
  return () => vi.unstubAllEnvs();
});

const worker = `export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/echo") return new Response(await request.text(), { status: 201, headers: { "X-Seen": "yes" } });
    return Response.json({ tag: env.VERSION?.tag, id: env.VERSION?.id, plain: env.PLAIN, list: env.LIST, secret: env.SECRET });
  },
  async scheduled() {},
};
`;

const config = `name = "curlew"
main = "worker.js"
compatibility_date = "2026-10-01"
[triggers]
crons = ["* * * * *"]
[vars]
PLAIN = "text"
LIST = [1, 2]
[version_metadata]
binding = "VERSION"
`;

function createProject(): string {
  const folder = createFolder();
  writeFileSync(join(folder, "worker.js"), worker);
  writeFileSync(join(folder, "wrangler.toml"), config);
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, ".secrets.json"), JSON.stringify({ SECRET: "hidden$HOME" }));
  return folder;
}

const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith("sandpiper-deploy-"));

it("deploys a Worker with its secrets and its tag, and says where it answers and in which version", {
  timeout: 60_000,
}, async () => {
  const folder = createProject();
  const before = leftovers();
  const { tools, said, passed } = createTools();
  const deployed = await deployment.run({ root: folder, url: undefined }, tools);
  expect(deployed).toEqual({
    url: "https://curlew.tide.workers.dev",
    versionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    tag: buildId(folder),
  });
  expect(said).toEqual(["The Worker is at https://curlew.tide.workers.dev."]);
  expect(passed.join("")).toContain("Uploaded curlew");
  expect(leftovers()).toEqual(before);

  const seen = await (await fetch(cloudflare.edgeUrl)).json();
  expect(seen).toEqual({
    tag: deployed.tag,
    id: deployed.versionId,
    plain: "text",
    list: [1, 2],
    secret: "hidden$HOME",
  });
  const echoed = await fetch(`${cloudflare.edgeUrl}/echo?a=b`, { method: "POST", body: "hello" });
  expect([echoed.status, echoed.headers.get("X-Seen"), await echoed.text()]).toEqual([201, "yes", "hello"]);
  expect(cloudflare.schedules.get("curlew")).toEqual(["* * * * *"]);

  // Another version takes the place of the first; its secrets stay, although it is not given any.
  writeFileSync(join(folder, "worker.js"), worker.replace("plain: env.PLAIN", 'plain: "new"'));
  const again = await deploy(folder, { tag: "second", url: "https://bot.example.com", onOutput() {} });
  expect(again.url).toBe("https://bot.example.com");
  expect(again.versionId).not.toBe(deployed.versionId);
  expect(await (await fetch(cloudflare.edgeUrl)).json()).toMatchObject({
    tag: "second",
    plain: "new",
    secret: "hidden$HOME",
  });
  expect(cloudflare.workers.size).toBe(1);
});
