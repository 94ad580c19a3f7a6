import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

// What the Worker weighs, after `wrangler deploy --dry-run --outdir dist --metafile`. Fails above the budget in
// package.json, or when something of the offline world got into the bundle.

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path));

const { maxGzipBytes }: { maxGzipBytes: number } = JSON.parse(read("package.json").toString()).bundle;
const meta: { inputs: Record<string, unknown> } = JSON.parse(read("dist/bundle-meta.json").toString());
const bundle = read("dist/worker.js");
const gzipBytes = gzipSync(bundle, { level: 9 }).length;
const strangers = Object.keys(meta.inputs).filter((path) => /^(local|test|bench)\//.test(path));

/** A character beyond Latin-1, and what is before it: esbuild escapes those everywhere but in regular expressions. */
const wide = /.{0,40}[^\0-\xff]/.exec(bundle.toString())?.[0];

process.stdout.write(`bundle: ${bundle.length} bytes, ${gzipBytes} gzip; budget ${maxGzipBytes}\n`);
if (gzipBytes > maxGzipBytes) fail("The bundle is over its budget. dist/bundle-meta.json says what is in it.");
if (wide) {
  fail(
    `"${wide.at(-1)}" makes a new isolate read the bundle as UTF-16, 0.5 ms slower: in a regular expression, escape it.`,
  );
}
if (strangers.length > 0) fail(`These files belong to no Worker: ${strangers.join(", ")}`);

function fail(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}
