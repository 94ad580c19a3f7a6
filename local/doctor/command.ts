import { styleText } from "node:util";
import { type Command, createCommand, readUrl, UsageError } from "../command-line.ts";
import { readSettings } from "../deployment/settings.ts";
import { endpoint, signatures, verification, webhookEvents } from "./addresses.ts";
import { application, install, intents, publicKey } from "./application.ts";
import { bundle } from "./bundle.ts";
import type { Finding } from "./check.ts";
import { clocks } from "./clocks.ts";
import { commands, serverCommands } from "./commands.ts";
import { cron } from "./cron.ts";
import { examine } from "./examine.ts";
import { createFacts } from "./facts.ts";
import { redis } from "./redis.ts";
import { eviction, month, region } from "./redis-plan.ts";
import { variables } from "./variables.ts";
import { version, worker } from "./worker.ts";

// `npm run doctor`: is this deployment right? A line for each check, with its cure.

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

const marks = { right: styleText("green", "✓"), wrong: styleText("red", "✗"), unknown: styleText("dim", "–") };
const nameWidth = Math.max(...checks.map(({ name }) => name.length)) + 2;

function readSeconds(option: string, text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new UsageError(`${option} takes whole seconds, not "${text}".`);
}

function readSkipped(text: string): ReadonlySet<string> {
  const names = checks.map(({ name }) => name);
  const skipped = text.split(",").filter((name) => name !== "");
  const strange = skipped.find((name) => !names.includes(name));
  if (strange === undefined) return new Set(skipped);
  throw new UsageError(`--skip takes names of checks, not "${strange}". There are ${names.join(", ")}.`);
}

/** Returns a finding as one line. */
function show(name: string, finding: Finding): string {
  const cure = finding.is === "wrong" ? `  → ${finding.cure}` : "";
  return `${marks[finding.is]} ${name.padEnd(nameWidth)}${`${finding.text}${cure}`.replaceAll(/\s*\n\s*/g, " ")}\n`;
}

/** Returns how many checks came to what, so that all that was skipped does not look like all is right. */
function summary(findings: readonly Finding[]): string {
  const count = (outcome: Finding["is"]) => findings.filter(({ is }) => is === outcome).length;
  return `${count("right")} right, ${count("wrong")} wrong, ${count("unknown")} not known from here.`;
}

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
      const waitMs = readSeconds("--wait", values.wait) * 1_000;
      const skipped = readSkipped(values.skip);
      const asked = checks.filter(({ name }) => !skipped.has(name));
      const facts = createFacts({ root, settings: readSettings({ folder: root, env }), url, waitMs });
      const findings: ({ name: string } & Finding)[] = [];
      // All at once; each is printed in its place.
      for (const { name, finding } of asked.map((check) => ({ name: check.name, finding: examine(check, facts) }))) {
        const found = await finding;
        findings.push({ name, ...found });
        if (!values.json) out(show(name, found));
      }
      const isRight = findings.every(({ is }) => is !== "wrong");
      if (values.json) out(`${JSON.stringify({ ok: isRight, checks: findings }, null, 2)}\n`);
      else out(`\n${summary(findings)}\n`);
      return isRight ? 0 : 1;
    },
  });
