import { existsSync, readFileSync } from "node:fs";
import { parseArgs, parseEnv, styleText } from "node:util";
import { features } from "../src/bot/features.ts";
import { checkCommands, createRest, createRestState, DiscordApiError } from "../src/discord/index.ts";
import { applyChange, type Change, compareCommands, listCommands, titleOf } from "../src/discord/register.ts";
import { commandBodies } from "../src/runtime/index.ts";

// `npm run register`: makes Discord's commands those that are declared. Prints what differs, then applies just that.

const usage = `Usage: npm run register [-- options]

  --guild ID    register in this server, where changes show at once; everywhere without it
  --dry-run     print the differences, change nothing
  --help        this text

Reads DISCORD_APPLICATION_ID, DISCORD_BOT_TOKEN and, if set, DISCORD_API_URL from the environment or .dev.vars.
`;

/** Something the person at the keyboard can mend: told without a stack, exit code 2. */
class UsageError extends Error {}

function readCommandLine() {
  try {
    return parseArgs({
      options: {
        guild: { type: "string" },
        "dry-run": { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { cause: error });
  }
}

function readSettings() {
  const file = existsSync(".dev.vars") ? parseEnv(readFileSync(".dev.vars", "utf8")) : {};
  const get = (name: string) => process.env[name] ?? file[name];
  const need = (name: string, cure: string) => {
    const value = get(name);
    if (value === undefined || value === "") throw new UsageError(`${name} is missing. ${cure}`);
    return value;
  };
  const applicationId = need(
    "DISCORD_APPLICATION_ID",
    "Copy it from the application's General Information page, and set it in the environment or in .dev.vars.",
  );
  if (!/^\d{17,20}$/.test(applicationId))
    throw new UsageError("DISCORD_APPLICATION_ID must be a snowflake: 17 to 20 digits.");
  return {
    applicationId,
    token: need(
      "DISCORD_BOT_TOKEN",
      "Copy it from the application's Bot page, and set it in the environment or in .dev.vars.",
    ),
    baseUrl: (get("DISCORD_API_URL") ?? "https://discord.com/api/v10").replace(/\/+$/, ""),
  };
}

const value = (one: unknown): string => (one === undefined ? "nothing" : JSON.stringify(one));

function show(change: Change): string[] {
  const title = titleOf(change.command);
  if (change.action === "create") return [styleText("green", `+ ${title}`)];
  if (change.action === "delete") return [styleText("red", `- ${title}`)];
  const lines = change.differences.map(({ path, before, after }) => `    ${path}: ${value(before)} → ${value(after)}`);
  return [styleText("yellow", `~ ${title}`), ...lines];
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

async function main(): Promise<void> {
  const { guild, "dry-run": isDryRun, help } = readCommandLine();
  const print = (...lines: string[]) => void process.stdout.write(`${lines.join("\n")}\n`);
  if (help) return print(usage);
  if (guild !== undefined && !/^\d{15,20}$/.test(guild)) {
    throw new UsageError(`--guild takes a server's id, 17 to 20 digits, not "${guild}".`);
  }
  const rest = createRest({ ...readSettings(), state: createRestState(), timeoutMs: 60_000 });
  const declared = commandBodies(features);
  checkCommands(declared);
  const changes = compareCommands(declared, await listCommands(rest, guild), guild !== undefined);
  const where = guild === undefined ? "everywhere" : `in server ${guild}`;
  if (changes.length === 0)
    return print(`Nothing to do: Discord has the ${counted(declared.length, "command")} ${where}.`);
  print(...changes.flatMap(show));
  if (isDryRun) return print(`A dry run: nothing was changed ${where}.`);
  for (const change of changes) await applyChange(rest, change, guild);
  print(`Applied ${counted(changes.length, "change")} ${where}.`);
}

try {
  await main();
} catch (error) {
  const isExplained =
    error instanceof UsageError || (error instanceof Error && /^(Declaration|Registration|Discord)/.test(error.name));
  if (!isExplained) throw error;
  process.stderr.write(`${error.message}\n`);
  if (error instanceof DiscordApiError && error.status === 401) process.stderr.write("Check DISCORD_BOT_TOKEN.\n");
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
