import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundle } from "./workerd.ts";

// What the Worker weighs, after `wrangler deploy --dry-run --outdir dist --metafile`, and what it weighs without the dashboard.
// Fails above the budgets in package.json, or when something of the offline world got into the bundle.

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path));

interface Budgets {
  maxGzipBytes: number;
  maxGzipBytesWithoutDashboard: number;
}

const budgets: Budgets = JSON.parse(read("package.json").toString()).bundle;
const meta: { inputs: Record<string, unknown> } = JSON.parse(read("dist/bundle-meta.json").toString());
const whole = read("dist/worker.js");
const strangers = Object.keys(meta.inputs).filter((path) => /^(local|test|bench)\//.test(path));

/** A character beyond Latin-1, and what is before it: esbuild escapes those everywhere but in regular expressions. */
const wide = /.{0,40}[^\0-\xff]/.exec(whole.toString())?.[0];

weigh("bundle", whole, "maxGzipBytes");
weigh(
  "bundle without the dashboard",
  Buffer.from(await bundle("peers/bot-without-dashboard.ts")),
  "maxGzipBytesWithoutDashboard",
);
if (wide) {
  fail(
    `"${wide.at(-1)}" makes a new isolate read the bundle as UTF-16, 0.5 ms slower: in a regular expression, escape it.`,
  );
}
if (strangers.length > 0) fail(`These files belong to no Worker: ${strangers.join(", ")}`);

/** Prints the size of a bundle, and holds it to its budget. */
function weigh(name: string, code: Buffer, budget: keyof Budgets): void {
  const gzipBytes = gzipSync(code, { level: 9 }).length;
  process.stdout.write(`${name}: ${code.length} bytes, ${gzipBytes} gzip; budget ${budgets[budget]}\n`);
  if (gzipBytes <= budgets[budget]) return;
  fail(
    `The ${name} is over its budget. dist/bundle-meta.json says what is in it; if that is worth it, raise "${budget}" in package.json.`,
  );
}

function fail(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}
