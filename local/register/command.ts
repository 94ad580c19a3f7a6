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

function connect(settings: Settings) {
  const need = (name: string, page: string) => {
    const value = settings.get(name);
    if (value !== undefined) return value;
    throw new UsageError(
      `${name} is missing. Copy it from the application's ${page} page at Discord, and set it in the environment or in .secrets.json. npm run setup does both for you.`,
    );
  };
  const applicationId = readSnowflake("DISCORD_APPLICATION_ID", need("DISCORD_APPLICATION_ID", "General Information"));
  return connectDiscord(settings, need("DISCORD_BOT_TOKEN", "Bot"), applicationId);
}

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
