import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Deployment } from "./deployment.ts";
import type { Tails } from "./tails.ts";

/** The state that the API shows and changes. */
export interface Account {
  readonly id: string;
  readonly token: string;
  /** The account's part of `NAME.SUBDOMAIN.workers.dev`. */
  readonly subdomain: string;
  readonly workers: Map<string, Deployment>;
  readonly schedules: Map<string, string[]>;
  readonly tails: Tails;
  /** Returns the address at which this API is served. */
  url(): string;
  /** Starts what was uploaded, and returns it; it answers once it is deployed. */
  upload(name: string, request: Request): Promise<Deployment>;
  /** Has an uploaded version answer from now on. */
  deploy(name: string, versionId: string): Promise<void>;
}

/** Returns the part of Cloudflare's API that `wrangler deploy`, `wrangler secret` and `wrangler tail` call. */
export function createApi(account: Account): Hono {
  const app = new Hono().basePath("/client/v4");
  const workers = "/accounts/:account/workers";

  app.use(async (c, next) => {
    const isOwn = c.req.path.startsWith(`/client/v4/accounts/${account.id}/`);
    if (isOwn && c.req.header("Authorization") === `Bearer ${account.token}`) return next();
    return refuse(c, 403, 10_000, "Authentication error");
  });

  app.get(`${workers}/subdomain`, (c) => answer(c, { subdomain: account.subdomain }));
  app.get(`${workers}/services/:name`, (c) => {
    const running = account.workers.get(c.req.param("name"));
    if (!running) return refuse(c, 404, 10_090, "workers.api.error.service_not_found");
    const script = { id: c.req.param("name"), tag: "tag", tags: [], last_deployed_from: "wrangler" };
    return answer(c, { id: c.req.param("name"), default_environment: { environment: "production", script } });
  });
  app.get(`${workers}/workers/:name`, (c) => {
    const name = c.req.param("name");
    if (!account.workers.has(name)) return refuse(c, 404, 10_007, noWorker);
    const url = `https://${name}.${account.subdomain}.workers.dev`;
    return answer(c, { id: "worker", name, subdomain: { enabled: true, previews_enabled: true, url } });
  });

  const script = `${workers}/scripts/:name` as const;
  app.put(script, async (c) => {
    const name = c.req.param("name");
    const { id } = await account.upload(name, c.req.raw);
    await account.deploy(name, id);
    return answer(c, { id: name, tag: "tag", deployment_id: id, startup_time_ms: 10 });
  });
  // The same in two steps, for a Worker that exists.
  app.post(`${script}/versions`, async (c) => {
    const { id } = await account.upload(c.req.param("name"), c.req.raw);
    const resources = { script: { etag: id }, script_runtime: {} };
    return answer(c, { id, startup_time_ms: 10, metadata: { has_preview: false }, resources });
  });
  app.post(`${script}/deployments`, async (c) => {
    const { versions } = (await c.req.json()) as { versions: { version_id: string }[] };
    await account.deploy(c.req.param("name"), versions[0]?.version_id ?? "");
    return answer(c, { id: "deployment" });
  });
  app.patch(`${script}/script-settings`, (c) => answer(c, {}));
  app.use(`${script}/*`, async (c, next) => {
    if (account.workers.has(c.req.param("name"))) return next();
    return refuse(c, 404, 10_007, noWorker);
  });
  app.get(`${script}/secrets`, (c) => answer(c, []));
  app.get(`${script}/settings`, (c) => answer(c, { bindings: [] }));
  app.get(`${script}/deployments`, (c) => answer(c, { deployments: [] }));
  app.post(`${script}/subdomain`, (c) => answer(c, { enabled: true, previews_enabled: true }));
  app.get(`${script}/schedules`, (c) =>
    answer(c, { schedules: (account.schedules.get(c.req.param("name")) ?? []).map((cron) => ({ cron })) }),
  );
  app.put(`${script}/schedules`, async (c) => {
    const schedules = (await c.req.json()) as { cron: string }[];
    account.schedules.set(
      c.req.param("name"),
      schedules.map(({ cron }) => cron),
    );
    return answer(c, { schedules });
  });
  app.post(`${script}/tails`, (c) => {
    const id = account.tails.create();
    const url = `${account.url().replace(/^http/, "ws")}/tails/${id}`;
    return answer(c, { id, url, expires_at: new Date(Date.now() + 3_600_000).toISOString() });
  });
  app.delete(`${script}/tails/:id`, (c) => {
    account.tails.remove(c.req.param("id"));
    return answer(c, null);
  });
  app.all("*", (c) => refuse(c, 501, 7_003, `this simulated Cloudflare has no ${c.req.method} ${c.req.path}`));
  return app;
}

// --- Internal helpers ---

const noWorker = "This Worker does not exist on your account.";

const answer = (c: Context, result: unknown) => c.json({ success: true, errors: [], messages: [], result });

const refuse = (c: Context, status: ContentfulStatusCode, code: number, message: string) =>
  c.json({ success: false, errors: [{ code, message }], messages: [], result: null }, status);
