import { createCommand, readSnowflake, UsageError } from "../command-line.ts";
import { connectDiscord } from "../deployment/clients.ts";
import { readSettings, type Settings } from "../deployment/settings.ts";
import { explainRegistration } from "./explain.ts";
import { reconcile } from "./reconcile.ts";

// `npm run register`: makes the commands at Discord equal to the declared ones, changing only what differs.

const usage = `Usage: npm run register -- [options]

Makes the commands at Discord equal to those in src/bot/features.ts: prints the differences, then applies them.

Options:
  --guild ID    register in this server only, where changes take effect at once    (default: everywhere)
  --dry-run     print the differences and change nothing
  -h, --help    print this help

Reads DISCORD_APPLICATION_ID, DISCORD_BOT_TOKEN and, if set, DISCORD_API_URL from the environment, from .secrets.json or from
.dev.vars.
`;

/** The variables without which nothing can be registered, and the page of the application at Discord that shows each. */
const pages = { DISCORD_APPLICATION_ID: "General Information", DISCORD_BOT_TOKEN: "Bot" };

function connect(settings: Settings) {
  const id = settings.get("DISCORD_APPLICATION_ID");
  const token = settings.get("DISCORD_BOT_TOKEN");
  if (id === undefined || token === undefined) throw new UsageError(describeMissing(settings));
  return connectDiscord(settings, token, readSnowflake("DISCORD_APPLICATION_ID", id));
}

const describeMissing = (settings: Settings): string =>
  [
    ...Object.entries(pages)
      .filter(([name]) => settings.get(name) === undefined)
      .map(([name, page]) => `${name} is missing. Copy it from the application's ${page} page at Discord.`),
    "Each is read from the environment or from .secrets.json. npm run setup asks for it and keeps it there.",
  ].join("\n");

export const register = createCommand({
  usage,
  options: {
    guild: { type: "string" },
    "dry-run": { type: "boolean", default: false },
  },
  async run({ values: { guild, "dry-run": isDryRun } }, { env, out }) {
    if (guild !== undefined) readSnowflake("--guild", guild);
    const print = (...lines: string[]) => out(`${lines.join("\n")}\n`);
    await reconcile(connect(readSettings({ env })), { guild, isDryRun, print }).catch((error: unknown) => {
      // A change that failed is explained already.
      throw explainRegistration(error, guild);
    });
  },
});
