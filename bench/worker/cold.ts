import type { BenchEnv } from "./env.ts";
import { createSignedRequests } from "./requests.ts";

// Runs inside workerd: loads a bundle into new isolates, one after another, and times each through its first signed answer. Several
// of them, since workerd's clock counts whole milliseconds.

interface ColdEnv extends Omit<BenchEnv, "DISCORD_PUBLIC_KEY"> {
  LOADER: WorkerLoader;
}

export default {
  async fetch(request, { LOADER, ...env }) {
    const code = await request.text();
    const { searchParams } = new URL(request.url);
    const name = searchParams.get("name") ?? "";
    const isolates = Number(searchParams.get("isolates"));
    const command = searchParams.get("command") === "help" ? "help" : "ping";
    const { publicKey, request: create } = await createSignedRequests(command);
    const requests = Array.from({ length: isolates }, create);
    const startedAt = performance.now();
    for (const first of requests) {
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
      if (answer.type !== 4) throw new Error(`${name}: not an answer to /${command}: HTTP ${response.status}`);
    }
    return Response.json({ ms: (performance.now() - startedAt) / isolates });
  },
} satisfies ExportedHandler<ColdEnv>;
