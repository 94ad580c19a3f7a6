import { createHash } from "node:crypto";
import { basename, join } from "node:path";

/** A file of the page, with the tag by which a browser asks whether it changed. */
export interface Asset {
  text: string;
  type: string;
  etag: string;
}

const entry = join(import.meta.dirname, "../page/main.tsx");
const types: Record<string, string> = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" };

/**
 * Bundles the page and returns its files by name: `main.js`, `main.css`, and chunks that are loaded when they are needed.
 * Rejects with esbuild's error for a page that does not compile.
 */
export async function bundlePage(): Promise<ReadonlyMap<string, Asset>> {
  // Not before: a test that serves no page need not load it.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: { main: entry },
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2024",
    minify: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    chunkNames: "[name]-[hash]",
    outdir: "/assets",
    write: false,
    logLevel: "silent",
  });
  return new Map(
    outputFiles.map(({ path, text }) => {
      const name = basename(path);
      const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
      return [name, { text, etag, type: types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream" }];
    }),
  );
}
