import { styleText } from "node:util";
import { type Command, createCommand, readUrl, reportError, type Shell } from "../command-line.ts";
import { connectDiscord } from "../deployment/clients.ts";
import { readSettings } from "../deployment/settings.ts";
import { addresses } from "./addresses.ts";
import { createAsk, InterruptedError } from "./ask.ts";
import { botToken } from "./bot-token.ts";
import { commands } from "./commands.ts";
import { deployment } from "./deploy.ts";
import { firstUse } from "./first-use.ts";
import { health } from "./health.ts";
import { install } from "./install.ts";
import { database } from "./redis.ts";
import { secrets } from "./secrets.ts";
import type { Step, Tools } from "./step.ts";

// `npm run setup`: from a bot token and a database to a bot that answers.

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

type Print = (text: string) => void;

function announce({ title, does }: Pick<Step<never, unknown>, "title" | "does">, print: Print): void {
  const number = steps.findIndex((one) => one.title === title) + 1;
  print(`\n${styleText("bold", `${number}/${steps.length} ${title}`)}  ${does}`);
}

interface Options {
  root: string;
  url: string | undefined;
  isForced: boolean;
  isWaited: boolean;
}

async function setUp({ root, url, isForced, isWaited }: Options, { env, out }: Shell, print: Print): Promise<void> {
  const tools: Tools = {
    say: (line) => print(`  ${line}`),
    pass: (text) => out(styleText("dim", text.replaceAll(/^(?=.)/gm, "  | "))),
    ask: createAsk({ input: process.stdin, output: process.stdout }),
  };
  const perform = <Input, Output>(step: Step<Input, Output>, input: Input): Promise<Output> => {
    announce(step, print);
    return step.run(input, tools);
  };
  const settings = readSettings({ folder: root, env, takesDevVars: false });
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

/** Returns the command for the bot of a project's folder. */
export const createSetup = (root: string): Command =>
  createCommand({
    usage,
    options: {
      "dry-run": { type: "boolean", default: false },
      force: { type: "boolean", default: false },
      "no-wait": { type: "boolean", default: false },
      url: { type: "string" },
    },
    async run({ values }, shell) {
      const print: Print = (text) => shell.out(`${text}\n`);
      if (values["dry-run"]) {
        for (const step of steps) announce(step, print);
        return print("\nDry run: none of this was done.");
      }
      const url = values.url === undefined ? undefined : readUrl("--url", values.url);
      try {
        await setUp({ root, url, isForced: values.force, isWaited: !values["no-wait"] }, shell, print);
      } catch (error) {
        if (!(error instanceof InterruptedError)) print(styleText("red", "\nThis step failed:"));
        return reportError(error, shell.err);
      }
    },
  });
