import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../src/runtime/config.ts";
import { Failure } from "../deployment/failures.ts";
import { readSecrets, requiredCount, type Settings, secretsFile, variables } from "../deployment/settings.ts";
import type { Bot } from "./bot-token.ts";
import type { Database } from "./redis.ts";
import type { Step } from "./step.ts";

export const secrets: Step<{ root: string; settings: Settings; bot: Bot; database: Database }, void> = {
  title: "Secrets",
  does: `Writes ${secretsFile}, which only you can read and git ignores, and generates an ADMIN_TOKEN.`,
  async run({ root, settings, bot, database }, { say }) {
    const before = readSecrets(root);
    const given = variables.slice(requiredCount).flatMap((name) => {
      const value = settings.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    const values: Record<string, string> = {
      ADMIN_TOKEN: randomBytes(24).toString("base64url"),
      ...before,
      DISCORD_APPLICATION_ID: bot.application.id,
      DISCORD_PUBLIC_KEY: bot.application.verify_key,
      DISCORD_BOT_TOKEN: bot.token,
      UPSTASH_REDIS_REST_URL: database.url,
      UPSTASH_REDIS_REST_TOKEN: database.token,
      ...Object.fromEntries(given),
    };
    const [problem] = readConfig(values).problems;
    if (problem) {
      const { variable } = problem;
      throw new Failure(
        `${variable} ${problem.problem}`,
        `Correct ${variable} in ${settings.origin(variable)}, and run npm run setup again.`,
      );
    }
    const path = join(root, secretsFile);
    // One that a person made may be open to others.
    if (existsSync(path)) chmodSync(path, 0o600);
    const changed = Object.keys(values).filter((name) => before[name] !== values[name]);
    if (changed.length === 0) return say(`${secretsFile} has all of them already.`);
    // Whole or not at all, and never readable by others in between.
    writeFileSync(`${path}.new`, `${JSON.stringify(values, null, 2)}\n`, { mode: 0o600 });
    chmodSync(`${path}.new`, 0o600);
    renameSync(`${path}.new`, path);
    say(`Wrote ${changed.join(", ")}. The ADMIN_TOKEN in it opens /admin.`);
  },
};
