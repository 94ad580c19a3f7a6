import { join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

/** Bundles a Worker of `bench/worker/`, all alike: what is compared differs in nothing but its code. */
export const bundle = async (entry: string): Promise<string> => (await bundleWithInputs(entry)).code;

/** Bundles a Worker of `bench/worker/` as wrangler does, and says which files are in it. */
export async function bundleWithInputs(entry: string): Promise<{ code: string; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: join(import.meta.dirname, ".."),
    entryPoints: [join(import.meta.dirname, "worker", entry)],
    bundle: true,
    write: false,
    metafile: true,
    outdir: "dist",
    minify: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    logLevel: "error",
  });
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return { code: outputFiles[0]?.text ?? "", inputs: inputs.map(([path]) => path) };
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
