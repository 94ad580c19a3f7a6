import { createApp } from "../../src/app.ts";
import { createIsolate } from "../../src/isolate.ts";
import { createBareWorker } from "./bare.ts";

// Runs inside workerd: both workers in one warm isolate, fed with the same signed /ping, round about.

type Handler = (request: Request) => Response | Promise<Response>;

const rounds = 15;
const requestsPerRound = 1_000;
const encoder = new TextEncoder();
const hex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function createRequests(privateKey: CryptoKey): Promise<() => Request[]> {
  const body = JSON.stringify({
    id: "1200000000000000001",
    application_id: "1100000000000000001",
    type: 2,
    token: "aW50ZXJhY3Rpb246".repeat(10),
    version: 1,
    locale: "en-US",
    channel_id: "1100000000000000111",
    guild_id: "1100000000000000100",
    member: { user: { id: "1100000000000000011", username: "ada" }, roles: [], permissions: "2248473465835073" },
    entitlements: [],
    authorizing_integration_owners: { "0": "1100000000000000100" },
    data: { id: "1200000000000000002", name: "ping", type: 1 },
  });
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = hex(await crypto.subtle.sign("Ed25519", privateKey, encoder.encode(timestamp + body)));
  const headers = {
    "Content-Type": "application/json",
    "X-Signature-Ed25519": signature,
    "X-Signature-Timestamp": timestamp,
    // As every request of Discord has; a Request made by hand has none.
    "Content-Length": String(encoder.encode(body).length),
  };
  return () =>
    Array.from(
      { length: requestsPerRound },
      () => new Request("https://bot.bench/interactions", { method: "POST", headers, body }),
    );
}

/** Requests per second of one round, each awaited before the next. */
async function measure(handler: Handler, requests: Request[]): Promise<number> {
  const startedAt = performance.now();
  for (const request of requests) {
    const response = await handler(request);
    const answer: { type: number } = await response.json();
    if (answer.type !== 4) throw new Error(`not an answer to /ping: HTTP ${response.status}`);
  }
  return requests.length / ((performance.now() - startedAt) / 1_000);
}

export default {
  async fetch(_request, env, ctx) {
    const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
    const bindings = {
      DISCORD_APPLICATION_ID: "1100000000000000001",
      DISCORD_PUBLIC_KEY: hex((await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer),
      UPSTASH_REDIS_REST_URL: env.UPSTASH_REDIS_REST_URL,
      UPSTASH_REDIS_REST_TOKEN: env.UPSTASH_REDIS_REST_TOKEN,
      LOG_LEVEL: "error",
    };
    const app = createApp({ isolate: createIsolate() });
    const handlers: [string, Handler][] = [
      ["bare", createBareWorker(pair.publicKey)],
      ["sandpiper", (request) => app.fetch(request, bindings, ctx)],
    ];
    const requests = await createRequests(pair.privateKey);
    const results: Record<string, number[]> = { bare: [], sandpiper: [] };
    for (let round = -3; round < rounds; round++) {
      for (const [name, handler] of round % 2 === 0 ? handlers : handlers.toReversed()) {
        const rate = await measure(handler, requests());
        if (round >= 0) results[name]?.push(rate);
      }
    }
    return Response.json(results);
  },
} satisfies ExportedHandler<Env>;
