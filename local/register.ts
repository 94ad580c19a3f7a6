import { existsSync, readFileSync } from "node:fs";
import { parseEnv, styleText } from "node:util";
import { features } from "../src/bot/features.ts";
import {
  createRest,
  createRestState,
  DiscordApiError,
  type DiscordRest,
  DiscordUnreachableError,
} from "../src/discord/index.ts";
import { applyChange, type Change, compareCommands, listCommands, titleOf } from "../src/discord/register.ts";
import { commandBodies } from "../src/runtime/index.ts";
import { readSnowflake, readUrl, runCommand, UsageError } from "./command-line.ts";

// `npm run register`: makes the commands at Discord equal to the declared ones, changing only what differs.

const usage = `Usage: npm run register -- [options]

Makes the commands at Discord equal to those in src/bot/features.ts: prints the differences, then applies them.

Options:
  --guild ID    register in this server only, where changes take effect at once    (default: everywhere)
  --dry-run     print the differences and change nothing
  -h, --help    print this help

Reads DISCORD_APPLICATION_ID, DISCORD_BOT_TOKEN and, if set, DISCORD_API_URL from the environment or from .dev.vars.
`;

function readSettings() {
  const file = existsSync(".dev.vars") ? parseEnv(readFileSync(".dev.vars", "utf8")) : {};
  const get = (name: string) => process.env[name] ?? file[name];
  const need = (name: string, page: string) => {
    const value = get(name);
    if (value !== undefined && value !== "") return value;
    throw new UsageError(
      `${name} is missing. Copy it from the application's ${page} page at Discord, and set it in the environment or in .dev.vars.`,
    );
  };
  return {
    applicationId: readSnowflake("DISCORD_APPLICATION_ID", need("DISCORD_APPLICATION_ID", "General Information")),
    token: need("DISCORD_BOT_TOKEN", "Bot"),
    baseUrl: readUrl("DISCORD_API_URL", get("DISCORD_API_URL") || "https://discord.com/api/v10"),
  };
}

const shown = (value: unknown): string => (value === undefined ? "(not set)" : JSON.stringify(value));

function show(change: Change): string[] {
  const title = titleOf(change.command);
  if (change.action === "create") return [styleText("green", `+ ${title}`)];
  if (change.action === "delete") return [styleText("red", `- ${title}`)];
  const lines = change.differences.map(({ path, before, after }) => `    ${path}: ${shown(before)} → ${shown(after)}`);
  return [styleText("yellow", `~ ${title}`), ...lines];
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const print = (...lines: string[]) => void process.stdout.write(`${lines.join("\n")}\n`);

async function register(guild: string | undefined, isDryRun: boolean): Promise<void> {
  const rest = createRest({ ...readSettings(), state: createRestState(), timeoutMs: 60_000 });
  const declared = commandBodies(features);
  const changes = compareCommands(declared, await listCommands(rest, guild), guild !== undefined);
  const where = guild === undefined ? "everywhere" : `in server ${guild}`;
  if (changes.length === 0)
    return print(`Nothing to change: ${counted(declared.length, "command")} registered ${where}.`);
  print(...changes.flatMap(show));
  if (isDryRun) return print(`Dry run: ${counted(changes.length, "change")} to apply ${where}, none applied.`);
  await applyAll(rest, changes, guild);
  print(`Applied ${counted(changes.length, "change")} ${where}.`);
}

/** Applies changes in order. Throws at the first that fails, with what was applied until then. */
async function applyAll(rest: DiscordRest, changes: readonly Change[], guild: string | undefined): Promise<void> {
  for (const [index, change] of changes.entries()) {
    await applyChange(rest, change, guild).catch((cause: unknown) => {
      const error = explain(cause, guild);
      if (!(error instanceof Error) || error instanceof TypeError) throw error;
      throw new Error(`${error.message}\n${progress(changes, index)}`, { cause });
    });
  }
}

/** Says which changes took effect before one failed, in the words of the printed list. */
function progress(changes: readonly Change[], failed: number): string {
  const listed = (some: readonly Change[]) => some.map((change) => show(change)[0]).join(", ");
  const applied = failed === 0 ? "none" : `${failed} of ${changes.length}: ${listed(changes.slice(0, failed))}`;
  return [
    `Applied before that: ${applied}`,
    `Not applied: ${listed(changes.slice(failed))}`,
    "Correct the cause and run npm run register again: it goes on with what is left.",
  ].join("\n");
}

/** Puts the usual cause of a failure before the failure. */
function explain(error: unknown, guild: string | undefined): unknown {
  const remedy =
    error instanceof DiscordUnreachableError
      ? "Discord cannot be reached. Is this machine online, and is DISCORD_API_URL right if it is set?"
      : error instanceof DiscordApiError
        ? remedyFor(error.status, guild)
        : undefined;
  return remedy === undefined ? error : new Error(`${remedy}\n${(error as Error).message}`, { cause: error });
}

function remedyFor(status: number, guild: string | undefined): string | undefined {
  switch (status) {
    case 401:
      return "Discord does not accept this DISCORD_BOT_TOKEN. Copy it again, or reset it, on the application's Bot page.";
    case 403:
    case 404:
      return guild === undefined
        ? "Do DISCORD_APPLICATION_ID and DISCORD_BOT_TOKEN belong to the same application?"
        : `Is the bot in server ${guild}, and do DISCORD_APPLICATION_ID and DISCORD_BOT_TOKEN belong to the same application?`;
    default:
      return undefined;
  }
}

await runCommand({
  usage,
  options: {
    guild: { type: "string" },
    "dry-run": { type: "boolean", default: false },
  },
  async run({ values: { guild, "dry-run": isDryRun } }) {
    if (guild !== undefined) readSnowflake("--guild", guild);
    await register(guild, isDryRun).catch((error: unknown) => {
      // A change that failed is explained already.
      throw explain(error, guild);
    });
  },
});
