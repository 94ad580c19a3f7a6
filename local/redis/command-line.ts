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

/**
 * Runs a command with the arguments of this process, or prints its usage for `--help`. Sets the exit code of the
 * process: the number that `run` returns (0 without one), 2 after a `UsageError`, 1 after any other error.
 */
export async function runCommand<const T extends Options>(
  command: CommandLine<T> & { run(given: Given<T>): Promise<number | void> },
): Promise<void> {
  process.stdout.off("error", endWithReader).on("error", endWithReader);
  try {
    const given = parseCommandLine(command, process.argv.slice(2));
    if (given) process.exitCode = (await command.run(given)) ?? 0;
    else process.stdout.write(command.usage);
  } catch (error) {
    process.exitCode = reportError(error);
  }
}

/** Prints an error to stderr, a bug with its stack, and returns the exit code: 2 for a `UsageError`, otherwise 1. */
export function reportError(error: unknown): 1 | 2 {
  process.stderr.write(`${isBug(error) ? error.stack : error instanceof Error ? error.message : String(error)}\n`);
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
