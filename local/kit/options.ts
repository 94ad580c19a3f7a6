import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { CommandBody } from "../../src/discord/index.ts";
import { DiscordError, type Simulator } from "../discord/index.ts";

export interface SimOptions {
  /** The wrangler file of the Worker, relative to the working directory. Default: `./wrangler.toml`, this bot's. */
  configPath?: string;
  /** The commands to register, as Discord's API takes them. Default: the commands of this bot's features. */
  commands?: readonly CommandBody[];
  /** More bindings of the Worker, such as `{ LOG_LEVEL: "error" }`; they win over those of the kit. Default: none. */
  env?: Readonly<Record<string, string>>;
}

/** Throws a sentence for an option that cannot work. */
export function checkOptions(options: SimOptions): void {
  const stray = Object.keys(options).find((name) => !["configPath", "commands", "env"].includes(name));
  if (stray !== undefined) refuse(`there is no option "${stray}"; there are configPath, commands and env`);
  const { configPath, commands, env = {} } = options;
  if (configPath !== undefined && !existsSync(configPath))
    refuse(`there is no wrangler file at ${resolve(configPath)}`);
  if (commands !== undefined && !Array.isArray(commands)) refuse("commands is not an array");
  const wrong = Object.keys(env).find((name) => typeof env[name] !== "string");
  if (wrong !== undefined) refuse(`env.${wrong} is not a string`);
}

/** Registers commands. Throws an error that names each field that Discord refuses. */
export function registerCommands(discord: Simulator, commands: readonly CommandBody[]): void {
  try {
    discord.registerCommands(commands);
  } catch (cause) {
    if (!(cause instanceof DiscordError)) throw cause;
    const fields = cause.fields.map(({ path, message }) => `\n  commands.${path}: ${message}`).join("");
    throw new Error(`startSim: Discord refuses the commands: ${cause.message}${fields}`, { cause });
  }
}

// --- Internal helpers ---

function refuse(sentence: string): never {
  throw new Error(`startSim: ${sentence}.`);
}
