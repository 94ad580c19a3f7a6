import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { runWrangler } from "../deployment/wrangler.ts";
import { type Check, right, wrong } from "./check.ts";

export const bundle: Check = {
  name: "bundle",
  async run({ root }) {
    const folder = mkdtempSync(join(tmpdir(), "sandpiper-bundle-"));
    try {
      const { code, output } = await runWrangler(root, ["deploy", "--dry-run", "--outdir", folder]);
      const reason = output.split("\n").find((line) => line.includes("ERROR"));
      if (code !== 0) return wrong(`it cannot be built: ${reason ?? `wrangler ended with ${code}`}`, "npm run check");
      const bytes = gzipSync(readFileSync(join(folder, "worker.js")), { level: 9 }).length;
      const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
        bundle: { maxGzipBytes: number };
      };
      const most = manifest.bundle.maxGzipBytes;
      const text = `${kilobytes(bytes)} packed, of the ${kilobytes(most)} that package.json allows`;
      return bytes <= most ? right(text) : wrong(text, "npm run build says what is in it");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const kilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`;
