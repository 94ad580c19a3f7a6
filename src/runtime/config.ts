import * as v from "valibot";
import { type LogLevel, logLevels } from "./log.ts";

/** The Worker's bindings, read and checked. Secrets stay in here: nothing prints a `Config`. */
export interface Config {
  applicationId: string;
  /** 64 hex digits each; several while a key is rotated. */
  publicKeys: readonly string[];
  botToken?: string | undefined;
  /** `host` is for people: where Redis is. */
  redis: { url: string; token: string; host: string };
  adminToken?: string | undefined;
  discordApiUrl: string;
  keyPrefix: string;
  /** How many requests one invocation may send. */
  subrequests: number;
  logLevel: LogLevel;
}

/** A variable that is missing or malformed, and what to do about it. Never holds the value. */
export interface ConfigProblem {
  variable: string;
  problem: string;
}

/** The public keys are read apart from the rest: signatures are checked and PING is answered whatever else is wrong. */
export interface ConfigResult {
  publicKeys: readonly string[];
  config?: Config;
  problems: readonly ConfigProblem[];
}

/**
 * Reads the environment and names everything wrong with it at once.
 *
 * @example
 * const { config, problems } = readConfig(env);
 */
export function readConfig(env: object): ConfigResult {
  const keys = v.safeParse(publicKeys, Reflect.get(env, "DISCORD_PUBLIC_KEY"));
  // Every variable is named, so that a missing one fails with its own message.
  const given = Object.fromEntries(Object.keys(variables.entries).map((name) => [name, Reflect.get(env, name)]));
  const parsed = v.safeParse(environment, given);
  return {
    publicKeys: keys.success ? keys.output : [],
    ...(parsed.success && { config: parsed.output }),
    problems: (parsed.issues ?? []).map((issue) => ({
      variable: v.getDotPath(issue) ?? "the environment",
      problem: issue.message,
    })),
  };
}

/** One line for people: `DISCORD_PUBLIC_KEY must be 64 hex digits …; UPSTASH_REDIS_REST_URL is missing …`. */
export const describeProblems = (problems: readonly ConfigProblem[]): string =>
  problems.map(({ variable, problem }) => `${variable} ${problem}`).join("; ");

// --- Internal helpers ---

const set = (name: string): string => `Set it with \`npx wrangler secret put ${name}\` (in .dev.vars locally).`;

const text = (missing: string) =>
  v.pipe(v.string(`is missing. ${missing}`), v.trim(), v.nonEmpty(`is empty. ${missing}`));

const publicKeys = v.pipe(
  text(`Copy it from the application's General Information page. ${set("DISCORD_PUBLIC_KEY")}`),
  v.transform((list) => list.split(",").map((key) => key.trim())),
  v.everyItem(
    (key) => /^[0-9a-f]{64}$/i.test(key),
    `must be 64 hex digits, or several such keys with commas between. ${set("DISCORD_PUBLIC_KEY")}`,
  ),
);

const url = (missing: string) =>
  v.pipe(
    text(missing),
    v.check(isPlainHttpAddress, `must be an http(s) address. ${missing}`),
    v.transform((value) => value.replace(/\/+$/, "")),
  );

function isPlainHttpAddress(value: string): boolean {
  const address = URL.parse(value);
  return address !== null && /^https?:$/.test(address.protocol) && address.username === "" && address.password === "";
}

const variables = v.object({
  DISCORD_APPLICATION_ID: v.pipe(
    text(`Copy it from the application's General Information page. ${set("DISCORD_APPLICATION_ID")}`),
    v.regex(/^\d{17,20}$/, `must be a snowflake: 17 to 20 digits. ${set("DISCORD_APPLICATION_ID")}`),
  ),
  DISCORD_PUBLIC_KEY: publicKeys,
  DISCORD_BOT_TOKEN: v.optional(
    text(`Unset it, or copy it from the application's Bot page. ${set("DISCORD_BOT_TOKEN")}`),
  ),
  UPSTASH_REDIS_REST_URL: url(`Copy it from the database's page at Upstash. ${set("UPSTASH_REDIS_REST_URL")}`),
  UPSTASH_REDIS_REST_TOKEN: text(`Copy it from the database's page at Upstash. ${set("UPSTASH_REDIS_REST_TOKEN")}`),
  ADMIN_TOKEN: v.optional(v.pipe(v.string(), v.minLength(24, `must be at least 24 characters. ${set("ADMIN_TOKEN")}`))),
  DISCORD_API_URL: v.optional(url("Unset it to use Discord."), "https://discord.com/api/v10"),
  KEY_PREFIX: v.optional(v.pipe(v.string(), v.maxLength(64, "must be at most 64 characters.")), "sp:"),
  SUBREQUESTS: v.optional(
    v.pipe(
      v.union([v.string(), v.number()]),
      v.transform(Number),
      v.check(
        (count) => Number.isSafeInteger(count) && count >= 10 && count <= 10_000,
        "must be a whole number from 10 to 10000: 50 on the free plan, 1000 or more on a paid one.",
      ),
    ),
    50,
  ),
  LOG_LEVEL: v.optional(v.picklist(logLevels, `must be one of ${logLevels.join(", ")}.`), "info"),
});

const environment = v.pipe(
  variables,
  v.transform(
    (env): Config => ({
      applicationId: env.DISCORD_APPLICATION_ID,
      publicKeys: env.DISCORD_PUBLIC_KEY,
      botToken: env.DISCORD_BOT_TOKEN,
      redis: {
        url: env.UPSTASH_REDIS_REST_URL,
        token: env.UPSTASH_REDIS_REST_TOKEN,
        host: new URL(env.UPSTASH_REDIS_REST_URL).host,
      },
      adminToken: env.ADMIN_TOKEN,
      discordApiUrl: env.DISCORD_API_URL,
      keyPrefix: env.KEY_PREFIX,
      subrequests: env.SUBREQUESTS,
      logLevel: env.LOG_LEVEL,
    }),
  ),
);
