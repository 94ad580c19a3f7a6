import { join } from "node:path";
import { buildId } from "./deployment/build-id.ts";
import { startWrangler } from "./deployment/wrangler.ts";

// `npm run deploy`: `wrangler deploy`, with a tag by which `npm run doctor` knows the deployment again. Arguments are wrangler's.

const root = join(import.meta.dirname, "..");
const args = ["deploy", "--tag", buildId(root), ...process.argv.slice(2)];
const child = startWrangler(root, args, { output: "shown" });
child.once("close", (code) => (process.exitCode = code ?? 1));
