// Reads the lines of a `sh` or `console` block as a shell would, as far as a page needs it: quotes, `\` at the end of a line, `&&`,
// comments and `$NAME`. A page keeps to that, so that its commands work in every shell.

/** A command line, and what a page says that it prints. */
export interface Typed {
  line: number;
  text: string;
  /** `undefined` in a block without output. */
  output: string | undefined;
}

/** Returns the commands of a block of which each line is one. */
export function readScript(text: string, firstLine: number): Typed[] {
  return joinLines(text.split("\n"), firstLine)
    .map(({ text, line }) => ({ line, text, output: undefined }))
    .filter(({ text }) => text.trim() !== "" && !text.trim().startsWith("#"));
}

/** Returns the commands of a block in which `$ ` begins a command, and its output follows. */
export function readConsole(text: string, firstLine: number): Typed[] {
  const typed: { line: number; text: string; output: string[] }[] = [];
  for (const { text: one, line } of joinLines(text.split("\n"), firstLine)) {
    if (one.startsWith("$ ")) typed.push({ line, text: one.slice(2), output: [] });
    else if (typed.length === 0) throw new Error(`line ${line}: this output comes before any command.`);
    else typed.at(-1)?.output.push(one);
  }
  return typed.map(({ output, ...command }) => ({ ...command, output: output.join("\n") }));
}

/** Returns the words of each command in a line; `&&` ends a command. Throws for what is not read here. */
export function wordsOf(line: string, env: Readonly<Record<string, string>>): string[][] {
  const commands: string[][] = [[]];
  const token = /\s*(?:(&&)|((?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\|&;<>])+)|(\S))/gy;
  for (const [, and, word, other] of line.trimEnd().matchAll(token)) {
    if (other !== undefined) throw new Error(`"${other}" means different things in different shells: ${line}`);
    if (and === undefined) commands.at(-1)?.push(unquoted(word ?? "", env));
    else commands.push([]);
  }
  return commands;
}

// --- Internal helpers ---

/** A line that ends with `\` goes on in the next one. */
function joinLines(lines: readonly string[], firstLine: number): { text: string; line: number }[] {
  const joined: { text: string; line: number }[] = [];
  let goesOn = false;
  for (const [index, line] of lines.entries()) {
    const last = joined.at(-1);
    const part = line.replace(/ *\\$/, "");
    if (goesOn && last) last.text += ` ${part.trim()}`;
    else joined.push({ text: part, line: firstLine + index });
    goesOn = part !== line;
  }
  return joined;
}

const unquoted = (word: string, env: Readonly<Record<string, string>>): string =>
  word.replaceAll(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^'"\\]+)/g, (_, single, double, escaped, plain) => {
    if (typeof single === "string") return single;
    if (typeof escaped === "string") return escaped;
    const text: string = typeof double === "string" ? double.replaceAll(/\\(["\\$`])/g, "$1") : plain;
    return text.replaceAll(/\$(\w+)/g, (_, name: string) => {
      const value = env[name];
      if (value === undefined) throw new Error(`The page never says what $${name} is.`);
      return value;
    });
  });
