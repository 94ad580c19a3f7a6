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
  /** QStash signs ticks with the first, and with the second after a rotation; empty without QStash. */
  qstashKeys: readonly string[];
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
 * Reads the environment and names everything wrong with it at once. Without a schema library: a new isolate does this on the way
 * to its first answer, and would spend a millisecond on building schemas.
 *
 * @example
 * const { config, problems } = readConfig(env);
 */
export function readConfig(env: object): ConfigResult {
  const texts = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const [variable, rule] of Object.entries<Rule>(rules)) {
    const text = given(Reflect.get(env, variable), rule) ?? rule.fallback;
    const problem = problemWith(variable, rule, text);
    if (problem !== undefined) problems.push({ variable, problem });
    else if (text !== undefined) texts.set(variable, text);
  }
  const get = (variable: keyof typeof rules): string => texts.get(variable) ?? "";
  const publicKeys = keysIn(get("DISCORD_PUBLIC_KEY"));
  if (problems.length > 0) return { publicKeys, problems };
  const url = withoutSlash(get("UPSTASH_REDIS_REST_URL"));
  const config: Config = {
    applicationId: get("DISCORD_APPLICATION_ID"),
    publicKeys,
    botToken: texts.get("DISCORD_BOT_TOKEN"),
    redis: { url, token: get("UPSTASH_REDIS_REST_TOKEN"), host: new URL(url).host },
    adminToken: texts.get("ADMIN_TOKEN"),
    qstashKeys: [get("QSTASH_CURRENT_SIGNING_KEY"), get("QSTASH_NEXT_SIGNING_KEY")].filter((key) => key !== ""),
    discordApiUrl: withoutSlash(get("DISCORD_API_URL")),
    keyPrefix: get("KEY_PREFIX"),
    subrequests: Number(get("SUBREQUESTS")),
    logLevel: logLevels.find((level) => level === get("LOG_LEVEL")) ?? "info",
  };
  return { publicKeys, config, problems };
}

/** One line for people: `DISCORD_PUBLIC_KEY must be 64 hex digits …; UPSTASH_REDIS_REST_URL is missing …`. */
export const describeProblems = (problems: readonly ConfigProblem[]): string =>
  problems.map(({ variable, problem }) => `${variable} ${problem}`).join("; ");

// --- Internal helpers ---

/** How a variable is read. Spaces around it never count, and an empty one that is optional is not set. */
interface Rule {
  /** Where to copy it from, for people. */
  origin?: string;
  isOptional?: boolean;
  /** Its text when it is not set. */
  fallback?: string;
  /** Capitals make no difference. */
  isCaseless?: boolean;
  isRight?(text: string): boolean;
  /** Ends the sentence "It must be …". */
  must?: string;
}

const application = "Copy it from the application's General Information page.";
const database = "Copy it from the database's page at Upstash.";
const qstash = { origin: "Unset it, or copy it from QStash's page at Upstash.", isOptional: true };
const word = {
  isRight: (text: string) => /^[!-~]+$/.test(text),
  must: "one word, without spaces or line breaks inside",
};
const address = { isRight: isPlainHttpAddress, must: "an http(s) address" };

const rules = {
  DISCORD_APPLICATION_ID: {
    origin: application,
    isRight: (text) => /^\d{17,20}$/.test(text),
    must: "a snowflake: 17 to 20 digits",
  },
  DISCORD_PUBLIC_KEY: {
    origin: application,
    isRight: (text) => keysIn(text).every((key) => /^[0-9a-f]{64}$/i.test(key)),
    must: "64 hex digits, or several such keys with commas between",
  },
  DISCORD_BOT_TOKEN: { origin: "Unset it, or copy it from the application's Bot page.", isOptional: true, ...word },
  UPSTASH_REDIS_REST_URL: { origin: database, ...address },
  UPSTASH_REDIS_REST_TOKEN: { origin: database, ...word },
  ADMIN_TOKEN: { isOptional: true, isRight: ({ length }) => length >= 24, must: "at least 24 characters" },
  QSTASH_CURRENT_SIGNING_KEY: qstash,
  QSTASH_NEXT_SIGNING_KEY: qstash,
  DISCORD_API_URL: { origin: "Unset it to use Discord.", fallback: "https://discord.com/api/v10", ...address },
  KEY_PREFIX: {
    fallback: "sp:",
    isRight: ({ length }) => length <= 64,
    must: "at most 64 characters",
  },
  SUBREQUESTS: {
    fallback: "50",
    isRight: (text) => Number.isSafeInteger(Number(text)) && Number(text) >= 20 && Number(text) <= 10_000,
    must: "a whole number from 20 to 10000: at most 50 on the free plan",
  },
  LOG_LEVEL: {
    fallback: "info",
    isCaseless: true,
    isRight: (text) => logLevels.some((level) => level === text),
    must: `one of ${logLevels.join(", ")}`,
  },
} satisfies Record<string, Rule>;

/** Returns the text of a variable that is set: a text, or a number in `[vars]` of wrangler.toml. */
function given(value: unknown, { isOptional, fallback, isCaseless }: Rule): string | undefined {
  if (typeof value !== "string") return Number.isSafeInteger(value) ? String(value) : undefined;
  const text = isCaseless ? value.trim().toLowerCase() : value.trim();
  return text === "" && (isOptional || fallback !== undefined) ? undefined : text;
}

/** Returns what is wrong and what to do about it, or undefined. Never repeats the text: it may be a secret. */
function problemWith(
  variable: string,
  { origin, isOptional, fallback, isRight, must }: Rule,
  text: string | undefined,
): string | undefined {
  const cure = `Set it with \`npx wrangler secret put ${variable}\` (in .dev.vars locally).`;
  const say = (problem: string) => [`${problem}.`, origin, fallback === undefined && cure].filter(Boolean).join(" ");
  if (text === undefined) return isOptional ? undefined : say("is missing");
  if (text === "") return say("is empty");
  return isRight && !isRight(text) ? say(`must be ${must}`) : undefined;
}

const keysIn = (text: string): string[] => (text === "" ? [] : text.split(",").map((key) => key.trim()));

const withoutSlash = (url: string): string => url.replace(/\/+$/, "");

function isPlainHttpAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
}
