import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";

/** A file of the page, with the tag by which a browser asks whether it changed. */
export interface Asset {
  text: string;
  type: string;
  etag: string;
}

/** A file as esbuild made it. */
export interface BundledFile {
  name: string;
  text: string;
}

const maxBytes = 32 * 1_048_576;
const types: Record<string, string> = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" };

/**
 * Bundles the page and returns its files by name: `main.js`, `main.css`, and chunks that are loaded when they are needed.
 * Rejects with esbuild's error for a page that does not compile. Nothing of it runs on once it has ended.
 */
export async function bundlePage(): Promise<ReadonlyMap<string, Asset>> {
  const script = join(import.meta.dirname, "bundle-process.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env: {}, maxBuffer: maxBytes });
  const files = JSON.parse(stdout) as BundledFile[];
  return new Map(
    files.map(({ name, text }) => {
      const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
      return [name, { text, etag, type: types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream" }];
    }),
  );
}
