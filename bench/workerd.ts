import { join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

/** Bundles a Worker of `bench/worker/`, all alike: what is compared differs in nothing but its code. */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "worker", entry)],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

/** Starts a bundle in a workerd process. Dispose of it at the end. */
export const start = (contents: string, bindings: Record<string, string>, more: object = {}): Miniflare =>
  new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      workers: [
        {
          name: "driver",
          compatibilityDate: "2026-10-23",
          compatibilityFlags: ["nodejs_compat"],
          bindings,
          modules: [{ type: "ESModule", path: "driver.mjs", contents }],
          ...more,
        },
      ],
    }),
  );
