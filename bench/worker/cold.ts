import type { BenchEnv } from "./env.ts";
import { createSignedPings } from "./requests.ts";

// Runs inside workerd: loads a bundle into a new isolate and times it through the first signed answer.

interface ColdEnv extends Omit<BenchEnv, "DISCORD_PUBLIC_KEY"> {
  LOADER: WorkerLoader;
}

export default {
  async fetch(request, { LOADER, ...env }) {
    const code = await request.text();
    const name = new URL(request.url).searchParams.get("name") ?? "";
    const { publicKey, request: ping } = await createSignedPings();
    const first = ping();
    const startedAt = performance.now();
    const worker = LOADER.get(`${name} ${crypto.randomUUID()}`, () => ({
      compatibilityDate: "2026-10-23",
      compatibilityFlags: ["nodejs_compat"],
      mainModule: "worker.js",
      modules: { "worker.js": code },
      env: {
        ...env,
        DISCORD_APPLICATION_ID: "1100000000000000001",
        DISCORD_PUBLIC_KEY: publicKey,
        DISCORD_TOKEN: "none",
        LOG_LEVEL: "error",
      },
    }));
    const response = await worker.getEntrypoint().fetch(first);
    const answer: { type: number } = await response.json();
    const ms = performance.now() - startedAt;
    if (answer.type !== 4) throw new Error(`${name}: not an answer to /ping: HTTP ${response.status}`);
    return Response.json({ ms });
  },
} satisfies ExportedHandler<ColdEnv>;
