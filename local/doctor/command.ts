import { type Command, createCommand, readUrl } from "../command-line.ts";
import { readSettings } from "../deployment/settings.ts";
import { endpoint, signatures, verification, webhookEvents } from "./addresses.ts";
import { application, install, intents, publicKey } from "./application.ts";
import { bundle } from "./bundle.ts";
import { clocks } from "./clocks.ts";
import { commands, serverCommands } from "./commands.ts";
import { cron } from "./cron.ts";
import { createFacts } from "./facts.ts";
import { redis, replies } from "./redis.ts";
import { eviction, month, region } from "./redis-plan.ts";
import { readSeconds, report, withoutSkipped } from "./report.ts";
import { variables } from "./variables.ts";
import { version, worker } from "./worker.ts";

// `npm run doctor`: is this deployment right? A line for each check, with its cure.

const usage = `Usage: npm run doctor -- [options]

Is this deployment right? Asks Discord, Redis and the Worker, and prints a line for each check, with its cure. Changes nothing:
at Discord it enters the address that is there, so that Discord tests it; in Redis it leaves a wake-up for a
tick to remove, and tries writes on a key that it removes.

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
  replies,
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

/** Returns the command for the deployment of a project's folder. */
export const createDoctor = (root: string): Command =>
  createCommand({
    usage,
    options: {
      url: { type: "string" },
      wait: { type: "string", default: "75" },
      skip: { type: "string", default: "" },
      json: { type: "boolean", default: false },
    },
    async run({ values }, { env, out }) {
      const url = values.url === undefined ? undefined : readUrl("--url", values.url);
      const waitMs = readSeconds("--wait", values.wait);
      const asked = withoutSkipped(checks, values.skip);
      const facts = createFacts({ root, settings: readSettings({ folder: root, env }), url, waitMs });
      return report({ checks: asked, facts, isJson: values.json, print: out });
    },
  });
