import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import type { APIInteractionResponse } from "discord-api-types/v10";
import { features as own } from "../../src/bot/features.ts";
import type { Declared } from "../../src/discord/index.ts";
import { type Clock, systemClock } from "../../src/platform/index.ts";
import { createWorker, type Feature, type Invocation } from "../../src/runtime/index.ts";
import { createIsolate } from "../../src/runtime/isolate.ts";
import { dashboard } from "../../src/web/dashboard.ts";
import { createDatabase, type Database } from "./database.ts";
import { createSigner } from "./signer.ts";

export interface TestBotOptions {
  /** Bindings that differ; `undefined` takes one away. */
  env?: Record<string, string | undefined>;
  database?: Database;
  /** What the bot answers to, instead of its own. */
  handlers?: readonly Declared<Invocation>[];
  /** The features that it consists of, instead of its own. */
  features?: readonly Feature[];
  /** Whether it has the dashboard. Default: true. */
  hasDashboard?: boolean;
  /** Sends its requests to Redis and Discord, on the machine's clock. Default: that of the database, on its clock. */
  fetch?: typeof fetch;
  /** Runs it. Default: the clock of the database, or the machine's where the test sends its requests. */
  clock?: Clock;
}

/** The whole Worker of one fresh isolate, its key pair and its empty database. */
export async function createTestBot({
  env: more,
  database = createDatabase(),
  handlers,
  features = handlers ? [{ name: "test", handlers }] : own,
  hasDashboard = true,
  fetch: send,
  clock = send ? systemClock : database.clock,
}: TestBotOptions = {}) {
  const signer = await createSigner();
  const isolate = createIsolate();
  const worker = createWorker({
    isolate,
    features,
    ...(hasDashboard && { dashboard }),
    fetch: send ?? database.fetch,
    clock,
  });
  const env = {
    DISCORD_APPLICATION_ID: "1100000000000000001",
    DISCORD_PUBLIC_KEY: signer.publicKey,
    UPSTASH_REDIS_REST_URL: database.url,
    UPSTASH_REDIS_REST_TOKEN: database.token,
    // Nothing listens there: a call that a test does not expect never reaches Discord.
    DISCORD_API_URL: "http://127.0.0.1:9/api/v10",
    LOG_LEVEL: "error",
    ...more,
  };

  async function fetch(request: Request): Promise<Response> {
    const context = createExecutionContext();
    const response = await worker.fetch(request, env, context);
    await waitOnExecutionContext(context);
    return response;
  }

  return {
    signer,
    isolate,
    database,
    fetch,
    /** Sends a signed payload and reads the answer. */
    async interact(payload: unknown): Promise<{ status: number; body: APIInteractionResponse & { error?: string } }> {
      const response = await fetch(await signer.request(payload));
      return { status: response.status, body: await response.json() };
    },
    /** Sends a signed webhook event; the promise waits for its handlers too. */
    async report(body: unknown): Promise<Response> {
      return fetch(await signer.request(body, { path: "/webhook-events" }));
    },
  };
}
