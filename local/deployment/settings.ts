import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { UsageError } from "../command-line.ts";

/** The secrets of the deployment, written by `npm run setup`. JSON: wrangler would expand `$` in a file of the other form. */
export const secretsFile = ".secrets.json";

/** The variables of a deployment, from wherever a command finds them. */
export interface Settings {
  /** Returns a variable's value without spaces around it; undefined for one that is missing or empty. */
  get(name: string): string | undefined;
  /** Returns where a variable comes from, for people. */
  origin(name: string): string;
  /** Returns the names of all that are set. */
  names(): string[];
}

export interface SettingsOptions {
  /** The project's folder. Default: the working directory. */
  folder?: string;
  /** Default: the environment of this process. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Whether `.dev.vars` counts, which is meant for `npx wrangler dev`. Default: true. */
  takesDevVars?: boolean;
}

/** Reads the variables: each from the environment, from `.secrets.json`, or from `.dev.vars`, whichever has it first. */
export function readSettings({ folder = ".", env = process.env, takesDevVars = true }: SettingsOptions = {}): Settings {
  const devVars = join(folder, ".dev.vars");
  const sources: [string, Readonly<Record<string, string | undefined>>][] = [
    ["the environment", env],
    [secretsFile, readSecrets(folder)],
    [".dev.vars", takesDevVars && existsSync(devVars) ? parseEnv(readFileSync(devVars, "utf8")) : {}],
  ];
  const find = (name: string) => sources.find(([, values]) => (values[name]?.trim() ?? "") !== "");
  return {
    get: (name) => find(name)?.[1][name]?.trim(),
    origin: (name) => find(name)?.[0] ?? "nowhere",
    names: () => variables.filter(find),
  };
}

/** Returns the secrets of the last `npm run setup`; empty before. Throws a `UsageError` for a file that cannot be read. */
export function readSecrets(folder = "."): Record<string, string> {
  const path = join(folder, secretsFile);
  if (!existsSync(path)) return {};
  try {
    const secrets = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, String(value)]));
  } catch (cause) {
    throw new UsageError(`${secretsFile} is not JSON. Correct it, or delete it and run npm run setup.`, { cause });
  }
}

/** How many of `variables` a deployment needs; the others are optional. */
export const requiredCount = 5;

/** The variables of the Worker that a person can set. */
export const variables = [
  "DISCORD_APPLICATION_ID",
  "DISCORD_PUBLIC_KEY",
  "DISCORD_BOT_TOKEN",
  "UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN",
  "ADMIN_TOKEN",
  "DISCORD_API_URL",
  "KEY_PREFIX",
  "SUBREQUESTS",
  "LOG_LEVEL",
  "QSTASH_CURRENT_SIGNING_KEY",
  "QSTASH_NEXT_SIGNING_KEY",
];
