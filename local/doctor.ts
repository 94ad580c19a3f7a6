import { join } from "node:path";
import { readUrl, runCommand } from "./command-line.ts";
import { readSettings } from "./deployment/settings.ts";
import { endpoint, signatures, verification, webhookEvents } from "./doctor/addresses.ts";
import { application, install, intents, publicKey } from "./doctor/application.ts";
import { bundle } from "./doctor/bundle.ts";
import { clocks } from "./doctor/clocks.ts";
import { commands, serverCommands } from "./doctor/commands.ts";
import { cron } from "./doctor/cron.ts";
import { createFacts } from "./doctor/facts.ts";
import { redis } from "./doctor/redis.ts";
import { eviction, month, region } from "./doctor/redis-plan.ts";
import { readSeconds, report, withoutSkipped } from "./doctor/report.ts";
import { variables } from "./doctor/variables.ts";
import { version, worker } from "./doctor/worker.ts";

// `npm run doctor`: is this deployment right? A line for each check, with its cure.

const root = join(import.meta.dirname, "..");
const usage = `Usage: npm run doctor -- [options]

Is this deployment right? Asks Discord, Redis and the Worker, and prints a line for each check, with its cure. Changes nothing:
at Discord it enters the address that is there, so that Discord tests it; in Redis it leaves a wake-up for a tick to remove.

Options:
  --url URL         where the Worker is    (default: where Discord sends interactions)
  --wait SECONDS    for how long to wait for a tick of the cron, which comes once a minute; 0 does not    (default: 75)
  --skip NAMES      leave out these checks, with commas between: bundle,cron
  --json            print the findings as JSON
  -h, --help        print this help

Reads the variables from the environment, from .secrets.json or from .dev.vars. UPSTASH_EMAIL and UPSTASH_API_KEY, of
https://console.upstash.com/account/api, are for what the database's own token does not tell. The exit code is 1 when something is
wrong.
`;

const checks = [
  variables,
  redis,
  region,
  eviction,
  month,
  application,
  publicKey,
  intents,
  endpoint,
  signatures,
  verification,
  webhookEvents,
  commands,
  serverCommands,
  install,
  worker,
  version,
  clocks,
  bundle,
  cron,
];

await runCommand({
  usage,
  options: {
    url: { type: "string" },
    wait: { type: "string", default: "75" },
    skip: { type: "string", default: "" },
    json: { type: "boolean", default: false },
  },
  async run({ values }) {
    const url = values.url === undefined ? undefined : readUrl("--url", values.url);
    const waitMs = readSeconds("--wait", values.wait);
    const asked = withoutSkipped(checks, values.skip);
    const facts = createFacts({ root, settings: readSettings({ folder: root }), url, waitMs });
    const print = (text: string) => void process.stdout.write(text);
    return report({ checks: asked, facts, isJson: values.json, print });
  },
});
