import { join } from "node:path";
import { unstable_startWorker as startWorker } from "wrangler";

/** Wrangler reads no file of the developer where it is given others; this one does not exist. */
const noFile = join(import.meta.dirname, "no-variables.env");
/**
 * Builds a Worker and starts it in workerd. Its bindings are those of the wrangler file and `secrets`, which win: neither
 * `.dev.vars`, `.env` nor the environment adds any.
 */
export async function startBuiltWorker(
  configPath: string,
  secrets: Readonly<Record<string, string>>,
): Promise<{ url: string; close(): Promise<void> }> {
  // Wrangler would bind variables that are exported in the shell. Not taken back: another start may be under way.
  process.env["CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV"] = "false";
  const worker = await startWorker({
    config: configPath,
    envFiles: [noFile],
    bindings: Object.fromEntries(
      Object.entries(secrets).map(([name, value]) => [name, { type: "secret_text" as const, value }]),
    ),
    dev: {
      server: { hostname: "127.0.0.1", port: 0 },
      inspector: false,
      logLevel: "none",
      watch: false,
      persist: false,
      remote: false,
    },
  });
  await worker.ready;
  return { url: (await worker.url).origin, close: () => worker.dispose() };
}
