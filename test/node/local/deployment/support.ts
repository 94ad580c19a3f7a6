import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { onTestFinished } from "vitest";
import type { Application } from "../../../../local/deployment/application.ts";
import { readSettings, type Settings } from "../../../../local/deployment/settings.ts";
import { createRest, createRestState, type DiscordRest } from "../../../../src/discord/index.ts";

/** Returns an empty folder, which is removed after the test. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sandpiper-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Returns settings that come from the environment. */
export const settingsOf = (env: Record<string, string>): Settings =>
  readSettings({ folder: createFolder(), env, takesDevVars: false });

/** Serves on 127.0.0.1 until the test is over, and returns the address. */
export function listen(fetch: (request: Request) => Response | Promise<Response>): Promise<string> {
  return new Promise((resolve) => {
    const server = serve({ fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => resolve(`http://127.0.0.1:${port}`));
    onTestFinished(() => {
      if ("closeAllConnections" in server) server.closeAllConnections();
      server.close();
    });
  });
}

export const applicationId = "1100000000000000001";
export const botToken = "MTEw.secret.of-the-bot";

/** A Discord that knows one application, and keeps what is entered there. */
export async function startDiscord(given: object = {}) {
  const application = {
    id: applicationId,
    name: "Sandpiper",
    verify_key: "ab".repeat(32),
    flags: 0,
    ...given,
  } as unknown as Application;
  const patches: object[] = [];
  /** What entering an address is answered with, first to last; then it is accepted. */
  const refusals: { status: 400 | 403 | 500; body: object }[] = [];
  const state = { asked: 0 };
  const app = new Hono();
  app.use(async (c, next) =>
    c.req.header("Authorization") === `Bot ${botToken}`
      ? next()
      : c.json({ code: 0, message: "401: Unauthorized" }, 401),
  );
  app.get("/applications/@me", (c) => {
    state.asked += 1;
    return c.json(application);
  });
  app.patch("/applications/@me", async (c) => {
    const body = (await c.req.json()) as object;
    patches.push(body);
    const refusal = refusals.shift();
    if (refusal) return c.json(refusal.body, refusal.status);
    return c.json(Object.assign(application, body));
  });
  const url = await listen(app.fetch);
  const rest: DiscordRest = createRest({ baseUrl: url, applicationId, token: botToken, state: createRestState() });
  return { app, application, patches, refusals, rest, state, url };
}

/** How Discord refuses an address that it could not verify. */
export const unverified = {
  status: 400 as const,
  body: {
    code: 50_035,
    message: "Invalid Form Body",
    errors: {
      interactions_endpoint_url: {
        _errors: [{ code: "URL_INVALID", message: "The specified interactions endpoint url could not be verified." }],
      },
    },
  },
};
