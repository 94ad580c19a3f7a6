import { writeFileSync } from "node:fs";
import process from "node:process";

// node .github/secrets-file.mjs FILE NAME…: writes those of the named variables that are set, as wrangler's --secrets-file takes
// them. A secret that the repository does not have is left as it is at Cloudflare.

const [file = "", ...names] = process.argv.slice(2);
const set = names.filter((name) => process.env[name]).map((name) => [name, process.env[name]]);
writeFileSync(file, JSON.stringify(Object.fromEntries(set)), { mode: 0o600 });
