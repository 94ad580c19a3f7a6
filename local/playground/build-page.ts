import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = fileURLToPath(new URL("page/", import.meta.url));

/** Returns the scripts and styles of the page by file name: `main.js`, `main.css`, and chunks that load later. */
export async function buildPage(): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: [`${folder}main.tsx`, `${folder}main.css`],
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2024",
    jsx: "automatic",
    jsxImportSource: "preact",
    chunkNames: "chunk-[hash]",
    logLevel: "silent",
  });
  return new Map(outputFiles.map(({ path, contents }) => [path.slice(folder.length), contents]));
}
