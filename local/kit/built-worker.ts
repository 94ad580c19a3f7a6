import { join } from "node:path";
import { unstable_startWorker as startWorker } from "wrangler";

/** Wrangler reads no file of the developer where it is given others; this one does not exist. */
const noFile = join(import.meta.dirname, "no-variables.env");
const startWithinMs = 30_000;

/**
 * Builds a Worker and starts it in workerd. Its bindings are those of the wrangler file and `secrets`, which win: neither
 * `.dev.vars`, `.env` nor the environment adds any. Throws when it does not start within 30 s.
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
  const url = (await worker.url).origin;
  // "Ready" is wrangler's proxy alone: it holds this request, which is not for the bot, until the Worker has started.
  const response = await fetch(`${url}/cdn-cgi/local/started`, { signal: AbortSignal.timeout(startWithinMs) }).catch(
    async (cause: unknown) => {
      await worker.dispose();
      throw new Error(`The Worker of ${configPath} did not start. Does \`wrangler dev\` start it?`, { cause });
    },
  );
  await response.body?.cancel();
  return { url, close: () => worker.dispose() };
}
