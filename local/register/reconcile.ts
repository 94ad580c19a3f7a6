import { styleText } from "node:util";
import { features } from "../../src/bot/features.ts";
import type { DiscordRest } from "../../src/discord/index.ts";
import { applyChange, type Change, compareCommands, listCommands, titleOf } from "../../src/discord/register.ts";
import { commandBodies } from "../../src/runtime/index.ts";
import { explainRegistration } from "./explain.ts";

export interface ReconcileOptions {
  /** Registers in this server only. Default: everywhere. */
  guild?: string | undefined;
  /** Prints the differences and changes nothing. Default: false. */
  isDryRun?: boolean;
  print(...lines: string[]): void;
}

/** Makes the commands at Discord equal to the declared ones: prints the differences, then applies them. */
export async function reconcile(
  rest: DiscordRest,
  { guild, isDryRun = false, print }: ReconcileOptions,
): Promise<void> {
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

// --- Internal helpers ---

const shown = (value: unknown): string => (value === undefined ? "(not set)" : JSON.stringify(value));

function show(change: Change): string[] {
  const title = titleOf(change.command);
  if (change.action === "create") return [styleText("green", `+ ${title}`)];
  if (change.action === "delete") return [styleText("red", `- ${title}`)];
  const lines = change.differences.map(({ path, before, after }) => `    ${path}: ${shown(before)} → ${shown(after)}`);
  return [styleText("yellow", `~ ${title}`), ...lines];
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Applies changes in order. Throws at the first that fails, with what was applied until then. */
async function applyAll(rest: DiscordRest, changes: readonly Change[], guild: string | undefined): Promise<void> {
  for (const [index, change] of changes.entries()) {
    await applyChange(rest, change, guild).catch((cause: unknown) => {
      const error = explainRegistration(cause, guild);
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
