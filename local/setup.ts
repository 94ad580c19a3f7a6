import { join } from "node:path";
import { styleText } from "node:util";
import { readUrl, reportError, runCommand } from "./command-line.ts";
import { connectDiscord } from "./deployment/clients.ts";
import { readSettings } from "./deployment/settings.ts";
import { addresses } from "./setup/addresses.ts";
import { createAsk, InterruptedError } from "./setup/ask.ts";
import { botToken } from "./setup/bot-token.ts";
import { commands } from "./setup/commands.ts";
import { deployment } from "./setup/deploy.ts";
import { firstUse } from "./setup/first-use.ts";
import { health } from "./setup/health.ts";
import { install } from "./setup/install.ts";
import { database } from "./setup/redis.ts";
import { secrets } from "./setup/secrets.ts";
import type { Step, Tools } from "./setup/step.ts";

// `npm run setup`: from a bot token and a database to a bot that answers.

const root = join(import.meta.dirname, "..");
const usage = `Usage: npm run setup -- [options]

From a bot's token and a Redis database to a deployed bot that answers. Each step says what it does before it does it; run it
again as often as you like.

Options:
  --dry-run     say what each step does, and do nothing
  --force       take over the addresses at Discord from the program that has them now
  --no-wait     do not wait until the bot is used for the first time
  --url URL     where the Worker answers, if wrangler does not tell
  -h, --help    print this help

Asks for DISCORD_BOT_TOKEN, UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN, unless they are in the environment or in
.secrets.json, which it writes.
`;

const steps = [botToken, database, secrets, deployment, health, addresses, commands, install, firstUse];

const print = (text: string) => void process.stdout.write(`${text}\n`);

const tools: Tools = {
  say: (line) => print(`  ${line}`),
  pass: (text) => void process.stdout.write(styleText("dim", text.replaceAll(/^(?=.)/gm, "  | "))),
  ask: createAsk({ input: process.stdin, output: process.stdout }),
};

function announce({ title, does }: Pick<Step<never, unknown>, "title" | "does">): void {
  const number = steps.findIndex((one) => one.title === title) + 1;
  print(`\n${styleText("bold", `${number}/${steps.length} ${title}`)}  ${does}`);
}

function perform<Input, Output>(step: Step<Input, Output>, input: Input): Promise<Output> {
  announce(step);
  return step.run(input, tools);
}

interface Options {
  url: string | undefined;
  isForced: boolean;
  isWaited: boolean;
}

async function setUp({ url, isForced, isWaited }: Options): Promise<void> {
  const settings = readSettings({ folder: root, takesDevVars: false });
  const bot = await perform(botToken, { settings });
  const applicationId = bot.application.id;
  const redis = await perform(database, { settings });
  await perform(secrets, { root, settings, bot, database: redis });
  const worker = await perform(deployment, { root, url });
  await perform(health, { worker });
  const rest = connectDiscord(settings, bot.token, applicationId);
  await perform(addresses, { rest, workerUrl: worker.url, isForced });
  await perform(commands, { rest });
  await perform(install, { applicationId });
  await perform(firstUse, { root, workerUrl: worker.url, isWaited });
}

await runCommand({
  usage,
  options: {
    "dry-run": { type: "boolean", default: false },
    force: { type: "boolean", default: false },
    "no-wait": { type: "boolean", default: false },
    url: { type: "string" },
  },
  async run({ values }) {
    if (values["dry-run"]) {
      for (const step of steps) announce(step);
      return print("\nDry run: none of this was done.");
    }
    const url = values.url === undefined ? undefined : readUrl("--url", values.url);
    try {
      await setUp({ url, isForced: values.force, isWaited: !values["no-wait"] });
    } catch (error) {
      if (!(error instanceof InterruptedError)) print(styleText("red", "\nThis step failed:"));
      process.exitCode = reportError(error);
      return process.exitCode;
    }
  },
});
