import { type ParseArgsConfig, parseArgs } from "node:util";

/** A mistake on the command line or in the settings. The message says how to correct it; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** The arguments that a command accepts. */
export interface CommandLine<T extends Options> {
  /** Printed for `--help`, and after a mistake in the options. */
  usage: string;
  /** As `parseArgs` of `node:util` takes them; `--help` and `-h` are added. */
  options: T;
  /** Whether the command takes arguments besides its options. Default: false. */
  allowPositionals?: boolean;
}

/** The arguments of a command. */
export type Given<T extends Options> = ReturnType<
  typeof parseArgs<{ options: T; strict: true; allowPositionals: true }>
>;

/** Returns the parsed arguments, or `undefined` for `--help`. Throws a `UsageError` of one sentence and the usage. */
export function parseCommandLine<const T extends Options>(
  { usage, options, allowPositionals = false }: CommandLine<T>,
  args: readonly string[],
): Given<T> | undefined {
  const help = { type: "boolean", short: "h" } as const;
  try {
    const given = parseArgs({ args: [...args], options: { ...options, help }, allowPositionals });
    return (given.values as { help?: boolean }).help ? undefined : given;
  } catch (cause) {
    throw new UsageError(`${explain(cause)}\n\n${usage.trimEnd()}`, { cause });
  }
}

/** Returns a port from an option's text; `least` 0 allows any free port. Throws a `UsageError` for anything else. */
export function readPort(option: string, text: string, least: 0 | 1 = 1): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= least && port <= 65_535) return port;
  throw new UsageError(`${option} takes a port from ${least} to 65535, not "${text}".`);
}

/** The surroundings of a command: its arguments, its environment, and its two outputs. */
export interface Shell {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Prints to stdout. */
  out(text: string): void;
  /** Prints to stderr. */
  err(text: string): void;
}

/** Runs in a shell. Resolves with the exit code, and does not reject. */
export type Command = (shell: Shell) => Promise<number>;

/** The options of a command, and its work. `run` returns the exit code. Default: 0. */
export interface CommandDefinition<T extends Options> extends CommandLine<T> {
  run(given: Given<T>, shell: Shell): Promise<number | void>;
}

/**
 * Returns a command. It prints its usage for `--help`, and its exit code is 2 after a `UsageError`, 1 after any other
 * error.
 */
export const createCommand =
  <const T extends Options>(definition: CommandDefinition<T>): Command =>
  async (shell) => {
    try {
      const given = parseCommandLine(definition, shell.args);
      if (given) return (await definition.run(given, shell)) ?? 0;
      shell.out(definition.usage);
      return 0;
    } catch (error) {
      return reportError(error, shell.err);
    }
  };

/** Runs a command as this process: with its arguments, and its exit code. */
export async function runHere(command: Command): Promise<void> {
  process.stdout.off("error", endWithReader).on("error", endWithReader);
  process.exitCode = await command({
    args: process.argv.slice(2),
    env: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  });
}

/** Makes a command and runs it as this process. */
export const runCommand = <const T extends Options>(definition: CommandDefinition<T>): Promise<void> =>
  runHere(createCommand(definition));

/** Prints an error, a bug with its stack, and returns the exit code: 2 for a `UsageError`, otherwise 1. */
export function reportError(error: unknown, print: Shell["err"] = (text) => void process.stderr.write(text)): 1 | 2 {
  print(`${isBug(error) ? error.stack : error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof UsageError ? 2 : 1;
}

// --- Internal helpers ---

/** The reader of the output may close early: `npm run doctor | head -5`. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}

/** The project's errors carry a sentence for the person; errors of the language do not. */
const isBug = (error: unknown): error is Error =>
  [TypeError, RangeError, ReferenceError, SyntaxError].some((bug) => error instanceof bug);

/** `parseArgs` explains more than a person needs. */
function explain(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const option = /--[\w-]+/.exec(message)?.[0] ?? /-\w/.exec(message)?.[0] ?? "";
  switch (code) {
    case "ERR_PARSE_ARGS_UNKNOWN_OPTION":
      return `Unknown option ${option}.`;
    case "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL":
      return `Unexpected argument "${/'([^]*)'\. /.exec(message)?.[1] ?? ""}".`;
    case "ERR_PARSE_ARGS_INVALID_OPTION_VALUE":
      if (message.includes("does not take")) return `${option} takes no value.`;
      if (message.includes("ambiguous"))
        return `${option} needs a value. One that begins with a dash is written ${option}=VALUE.`;
      return `${option} needs a value.`;
    default:
      return message;
  }
}
