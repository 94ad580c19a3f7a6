import { styleText } from "node:util";
import { UsageError } from "../command-line.ts";
import type { Check, Finding } from "./check.ts";
import { examine } from "./examine.ts";
import type { Facts } from "./facts.ts";

export interface ReportOptions {
  checks: readonly Check[];
  facts: Facts;
  /** Prints the findings as JSON, once all are known. */
  isJson: boolean;
  print(text: string): void;
}

/** Asks all checks at once, and prints each finding in its place. Returns the exit code: 1 when something is wrong. */
export async function report({ checks, facts, isJson, print }: ReportOptions): Promise<0 | 1> {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const findings: ({ name: string } & Finding)[] = [];
  for (const { name, finding } of checks.map((check) => ({ name: check.name, finding: examine(check, facts) }))) {
    const found = await finding;
    findings.push({ name, ...found });
    if (!isJson) print(show(name.padEnd(width), found));
  }
  const isRight = findings.every(({ is }) => is !== "wrong");
  print(isJson ? `${JSON.stringify({ ok: isRight, checks: findings }, null, 2)}\n` : `\n${summary(findings)}\n`);
  return isRight ? 0 : 1;
}

/** Returns the checks that are left. Throws a `UsageError` for a name that no check has. */
export function withoutSkipped(checks: readonly Check[], text: string): Check[] {
  const names = checks.map(({ name }) => name);
  const skipped = text.split(",").filter((name) => name !== "");
  const strange = skipped.find((name) => !names.includes(name));
  if (strange === undefined) return checks.filter(({ name }) => !skipped.includes(name));
  throw new UsageError(`--skip takes names of checks, not "${strange}". There are ${names.join(", ")}.`);
}

/** Returns an option's seconds in milliseconds. Throws a `UsageError` for anything but whole seconds. */
export function readSeconds(option: string, text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text) * 1_000;
  throw new UsageError(`${option} takes whole seconds, not "${text}".`);
}

// --- Internal helpers ---

const marks = { right: styleText("green", "✓"), wrong: styleText("red", "✗"), unknown: styleText("dim", "–") };

/** Returns a finding as one line. */
function show(name: string, finding: Finding): string {
  const cure = finding.is === "wrong" ? `  → ${finding.cure}` : "";
  return `${marks[finding.is]} ${name}  ${`${finding.text}${cure}`.replaceAll(/\s*\n\s*/g, " ")}\n`;
}

/** Returns how many checks came to what, so that all that was skipped does not look like all is right. */
function summary(findings: readonly Finding[]): string {
  const count = (outcome: Finding["is"]) => findings.filter(({ is }) => is === outcome).length;
  return `${count("right")} right, ${count("wrong")} wrong, ${count("unknown")} not known from here.`;
}
