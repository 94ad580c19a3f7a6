import { UsageError } from "../command-line.ts";

/**
 * Returns the line as it was typed. Shells of Windows change it on its way: cmd.exe passes single quotes on, and Git Bash makes a
 * path of Windows out of what begins with a slash. Throws a `UsageError` for a path that holds no command to be found.
 *
 * @example
 * typedLine("'/ping'"); // "/ping"
 * typedLine("C:/Program Files/Git/remind me about:tea"); // "/remind me about:tea"
 */
export function typedLine(line: string): string {
  const bare = line.trim().replace(/^'([^]*)'$/, "$1");
  // Git Bash's own way to keep a slash is to write two.
  if (!/^[a-z]:[\\/]/i.test(bare)) return bare.replace(/^\/\/+/, "/");
  const command = gitBash.exec(bare)?.[1];
  if (command !== undefined) return `/${command}`;
  throw new UsageError(
    `This shell made a path of the command: ${bare}. Write two slashes, as in "//ping", or set MSYS_NO_PATHCONV=1 first.`,
  );
}

/** Returns an option's text without the single quotes that cmd.exe passes on. */
export const withoutQuotes = (text: string): string => /^'([^']*)'$/.exec(text)?.[1] ?? text;

// --- Internal helpers ---

/** Where Git Bash, MSYS2 and Cygwin are installed, and the command behind. */
const gitBash = /^[a-z]:[\\/](?:[^:]*?[\\/])?(?:git|portablegit|msys\d*|mingw\d*|cygwin\d*)[\\/]([^\\/].*)$/is;
