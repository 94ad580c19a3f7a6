import { expect, it } from "vitest";
import { type Account, createApi } from "../../../../local/cloudflare/api.ts";
import type { Deployment } from "../../../../local/cloudflare/deployment.ts";

/** An account, its API, and what was asked of it. */
function createAccount({ workers: names = [] as string[] } = {}) {
  const deployment = (id: string) => ({ id }) as Deployment;
  const workers = new Map(names.map((name) => [name, deployment(name)]));
  const schedules = new Map<string, string[]>();
  const done: string[] = [];
  const account: Account = {
    id: "account",
    token: "token",
    subdomain: "tide",
    workers,
    schedules,
    tails: {
      create: () => "tail-1",
      remove: (id) => void done.push(`remove ${id}`),
      connect() {},
      tell() {},
      close() {},
    },
    url: () => "http://api.test",
    async upload(name) {
      done.push(`upload ${name}`);
      return deployment("version-1");
    },
    async deploy(name, id) {
      done.push(`deploy ${name} ${id}`);
    },
  };
  const api = createApi(account);
  async function call(method: string, path: string, body?: object, token = "token", id = "account") {
    const response = await api.request(`/client/v4/accounts/${id}/workers${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    const json = (await response.json()) as { success: boolean; errors: { code: number }[]; result: unknown };
    return { status: response.status, code: json.errors[0]?.code, ...json };
  }
  return { call, done, schedules };
}

const well = (result: unknown) => ({ status: 200, code: undefined, success: true, errors: [], messages: [], result });
const refused = (status: number, code: number) => ({ status, code, success: false, result: null });

it("refuses another token and another account", async () => {
  const { call } = createAccount();
  expect(await call("GET", "/subdomain")).toEqual(well({ subdomain: "tide" }));
  expect(await call("GET", "/subdomain", undefined, "other")).toMatchObject(refused(403, 10_000));
  expect(await call("GET", "/subdomain", undefined, "token", "other")).toMatchObject(refused(403, 10_000));
});

it("tells of a Worker that runs, and where it is", async () => {
  const { call } = createAccount({ workers: ["bot"] });
  const script = { id: "bot", tag: "tag", tags: [], last_deployed_from: "wrangler" };
  expect(await call("GET", "/services/bot")).toEqual(
    well({ id: "bot", default_environment: { environment: "production", script } }),
  );
  const subdomain = { enabled: true, previews_enabled: true, url: "https://bot.tide.workers.dev" };
  expect(await call("GET", "/workers/bot")).toEqual(well({ id: "worker", name: "bot", subdomain }));
  expect(await call("GET", "/scripts/bot/secrets")).toEqual(well([]));
  expect(await call("GET", "/scripts/bot/settings")).toEqual(well({ bindings: [] }));
  expect(await call("GET", "/scripts/bot/deployments")).toEqual(well({ deployments: [] }));
  expect(await call("POST", "/scripts/bot/subdomain")).toEqual(well({ enabled: true, previews_enabled: true }));
});

it.each([
  ["GET", "/services/other", 10_090],
  ["GET", "/workers/other", 10_007],
  ["GET", "/scripts/other/secrets", 10_007],
  ["GET", "/scripts/other/schedules", 10_007],
  ["POST", "/scripts/other/tails", 10_007],
])("answers %s %s with Cloudflare's code for a Worker that is not there", async (method, path, code) => {
  const { call } = createAccount({ workers: ["bot"] });
  expect(await call(method, path)).toMatchObject(refused(404, code));
});

it("runs what is uploaded at once", async () => {
  const { call, done } = createAccount();
  const result = { id: "bot", tag: "tag", deployment_id: "version-1", startup_time_ms: 10 };
  expect(await call("PUT", "/scripts/bot")).toEqual(well(result));
  expect(done).toEqual(["upload bot", "deploy bot version-1"]);
});

it("runs a version of a Worker that exists once it is deployed", async () => {
  const { call, done } = createAccount({ workers: ["bot"] });
  expect(await call("POST", "/scripts/bot/versions")).toMatchObject(
    well({ id: "version-1", metadata: { has_preview: false }, resources: { script: { etag: "version-1" } } }),
  );
  expect(done).toEqual(["upload bot"]);
  expect(await call("POST", "/scripts/bot/deployments", { versions: [{ version_id: "version-1" }] })).toEqual(
    well({ id: "deployment" }),
  );
  expect(await call("POST", "/scripts/bot/deployments", { versions: [] })).toMatchObject({ status: 200 });
  expect(done.slice(1)).toEqual(["deploy bot version-1", "deploy bot "]);
  expect(await call("PATCH", "/scripts/bot/script-settings")).toEqual(well({}));
});

it("keeps the cron schedules of a Worker", async () => {
  const { call, schedules } = createAccount({ workers: ["bot"] });
  expect(await call("GET", "/scripts/bot/schedules")).toEqual(well({ schedules: [] }));
  const given = [{ cron: "* * * * *" }, { cron: "0 0 * * *" }];
  expect(await call("PUT", "/scripts/bot/schedules", given)).toEqual(well({ schedules: given }));
  expect(schedules.get("bot")).toEqual(["* * * * *", "0 0 * * *"]);
  expect(await call("GET", "/scripts/bot/schedules")).toEqual(well({ schedules: given }));
});

it("opens a live log for an hour at a WebSocket's address, and closes it", async () => {
  const { call, done } = createAccount({ workers: ["bot"] });
  const { result } = await call("POST", "/scripts/bot/tails");
  expect(result).toEqual({ id: "tail-1", url: "ws://api.test/tails/tail-1", expires_at: expect.any(String) });
  const leftMs = Date.parse((result as { expires_at: string }).expires_at) - Date.now();
  expect(leftMs).toBeGreaterThan(3_590_000);
  expect(leftMs).toBeLessThanOrEqual(3_600_000);
  expect(await call("DELETE", "/scripts/bot/tails/tail-1")).toEqual(well(null));
  expect(done).toEqual(["remove tail-1"]);
});

it("says which call it does not know", async () => {
  const { call } = createAccount({ workers: ["bot"] });
  const unknown = await call("GET", "/scripts/bot/elsewhere");
  expect(unknown).toMatchObject(refused(501, 7_003));
  expect(unknown.errors[0]).toMatchObject({ message: expect.stringContaining("GET /client/v4/accounts/account/") });
});
