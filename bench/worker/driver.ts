import { shuffle } from "../statistics.ts";
import type { BenchEnv } from "./env.ts";
import bare from "./peers/bare.ts";
import bot from "./peers/bot.ts";
import discordHono from "./peers/discord-hono.ts";
import honoInteractions from "./peers/hono-interactions.ts";
import sandpiper from "./peers/sandpiper.ts";
import slashCreate from "./peers/slash-create.ts";
import { createSignedRequests } from "./requests.ts";

// Runs inside workerd: all bots in one warm isolate, each fed the same signed /ping in turn.

interface Worker {
  fetch(request: Request, env: BenchEnv, ctx: ExecutionContext): Response | Promise<Response>;
}

const peers = {
  bare,
  "hono + discord-interactions": honoInteractions,
  "discord-hono": discordHono,
  "slash-create/web": slashCreate,
  "src/discord": sandpiper,
  "the whole bot": bot,
} as unknown as Record<string, Worker>;

const rounds = 60;
const requestsPerRound = 500;

/** Milliseconds that one round takes, each request awaited before the next. */
async function measure(
  handle: (request: Request) => Response | Promise<Response>,
  requests: Request[],
): Promise<number> {
  const startedAt = performance.now();
  for (const request of requests) {
    const response = await handle(request);
    const answer: { type: number } = await response.json();
    if (answer.type !== 4) throw new Error(`not an answer to /ping: HTTP ${response.status}`);
  }
  return performance.now() - startedAt;
}

export default {
  async fetch(_request, env, ctx) {
    const { publicKey, request } = await createSignedRequests();
    const bindings: BenchEnv = {
      ...env,
      DISCORD_APPLICATION_ID: "1100000000000000001",
      DISCORD_PUBLIC_KEY: publicKey,
      DISCORD_TOKEN: "none",
      LOG_LEVEL: "error",
    };
    const names = Object.keys(peers);
    const results: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = -10; round < rounds; round++) {
      // Whose turn it is when the garbage is collected is left to chance.
      for (const name of shuffle(names)) {
        const handle = (request: Request) => peers[name]?.fetch(request, bindings, ctx) ?? new Response();
        const ms = await measure(handle, Array.from({ length: requestsPerRound }, request));
        if (round >= 0) results[name]?.push(ms / requestsPerRound);
      }
    }
    return Response.json(results);
  },
} satisfies ExportedHandler<BenchEnv>;
