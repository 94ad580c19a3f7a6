import { join } from "node:path";
import { buildId } from "./deployment/build-id.ts";
import { startWrangler } from "./deployment/wrangler.ts";

// `npm run deploy`: `wrangler deploy`, with a tag by which `npm run doctor` knows the deployment again. Arguments are wrangler's.

const root = join(import.meta.dirname, "..");
const child = startWrangler(root, ["deploy", "--tag", buildId(root), ...process.argv.slice(2)]);
child.stdout?.pipe(process.stdout);
child.stderr?.pipe(process.stderr);
child.once("close", (code) => (process.exitCode = code ?? 1));
