import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { createApi } from "./api.ts";
import { type Deployment, startDeployment } from "./deployment.ts";
import { createTails } from "./tails.ts";
import { readUpload } from "./upload.ts";

/** Cloudflare on this machine: what wrangler uploads runs in workerd, behind an edge on 127.0.0.1. */
export interface Cloudflare {
  /** Variables with which wrangler takes this for Cloudflare, and finds its account without a login. */
  readonly env: Readonly<Record<string, string>>;
  /** Where `https://NAME.SUBDOMAIN.workers.dev` of every Worker is answered: by the Worker that was deployed last. */
  readonly edgeUrl: string;
  /** The Workers that run, by name. */
  readonly workers: ReadonlyMap<string, Deployment>;
  /** The cron schedules, by the Worker's name. */
  readonly schedules: ReadonlyMap<string, readonly string[]>;
  /** Fires the cron of every Worker that has a schedule. Does not wait for the tick's end. */
  tick(): void;
  close(): Promise<void>;
}

/**
 * Starts a Cloudflare without Workers.
 *
 * @example
 * const cloudflare = await createCloudflare();
 * execFileSync("npx", ["wrangler", "deploy"], { env: { ...process.env, ...cloudflare.env } });
 * await fetch(`${cloudflare.edgeUrl}/health`);
 */
export async function createCloudflare(): Promise<Cloudflare> {
  const account = { id: randomBytes(16).toString("hex"), token: randomBytes(20).toString("base64url") };
  const workers = new Map<string, Deployment>();
  const schedules = new Map<string, string[]>();
  const tails = createTails();
  let apiUrl = "";

  const uploaded = new Map<string, Deployment>();

  async function upload(name: string, request: Request): Promise<Deployment> {
    const deployment = await startDeployment(await readUpload(request, workers.get(name)?.upload));
    uploaded.set(deployment.id, deployment);
    return deployment;
  }

  async function deploy(name: string, versionId: string): Promise<void> {
    const before = workers.get(name);
    const deployment = uploaded.get(versionId);
    if (!deployment || deployment === before) return;
    uploaded.delete(versionId);
    // The last one is the one that answers.
    workers.delete(name);
    workers.set(name, deployment);
    await before?.close();
  }

  async function answer(request: Request): Promise<Response> {
    const [name, deployment] = [...workers].at(-1) ?? [];
    if (!deployment) return new Response("error code: 1042", { status: 404 });
    const response = await deployment.fetch(request);
    const path = new URL(request.url).pathname;
    tails.tell({
      outcome: "ok",
      scriptName: name,
      eventTimestamp: Date.now(),
      event: {
        request: { url: `https://${name}.tide.workers.dev${path}`, method: request.method, headers: {} },
        response: { status: response.status },
      },
      logs: [],
      exceptions: [],
    });
    return response;
  }

  const app = createApi({
    ...account,
    subdomain: "tide",
    workers,
    schedules,
    tails,
    url: () => apiUrl,
    upload,
    deploy,
  });
  const api = await listen(app.fetch);
  api.server.on("upgrade", (request, socket) => tails.connect(request, socket));
  apiUrl = api.url;
  const edge = await listen(answer);

  return {
    env: {
      CLOUDFLARE_API_BASE_URL: `${apiUrl}/client/v4`,
      CLOUDFLARE_API_TOKEN: account.token,
      CLOUDFLARE_ACCOUNT_ID: account.id,
    },
    edgeUrl: edge.url,
    workers,
    schedules,
    tick() {
      for (const [name, deployment] of workers) if (schedules.get(name)?.length) void deployment.tick();
    },
    async close() {
      tails.close();
      await Promise.all([...workers.values(), ...uploaded.values()].map((deployment) => deployment.close()));
      await Promise.all([api.close(), edge.close()]);
    },
  };
}

// --- Internal helpers ---

function listen(fetch: (request: Request) => Response | Promise<Response>) {
  return new Promise<{ url: string; server: ReturnType<typeof serve>; close(): Promise<void> }>((resolve) => {
    const server = serve({ fetch, hostname: "127.0.0.1", port: 0 }, ({ port }: AddressInfo) =>
      resolve({
        url: `http://127.0.0.1:${port}`,
        server,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      }),
    );
  });
}
