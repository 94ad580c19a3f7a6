import { basename, join } from "node:path";
import { build } from "esbuild";
import type { BundledFile } from "./bundle.ts";

// Bundles the page for `bundle.ts`, in a process without an environment: esbuild starts another, which would inherit it.

const { outputFiles } = await build({
  entryPoints: { main: join(import.meta.dirname, "../page/main.tsx") },
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
const files: BundledFile[] = outputFiles.map(({ path, text }) => ({ name: basename(path), text }));
process.stdout.write(JSON.stringify(files));
