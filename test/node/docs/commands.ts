import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../../src/runtime/config.ts";
import { wordsOf } from "./command-words.ts";
import type { LocalWorld } from "./local-world.ts";
import { root } from "./page.ts";

/** What became of a command: its output where it was run, what is wrong with it where something is. */
export interface Tried {
  output?: string;
  problem?: string;
}

/**
 * Tries the commands of a line: `send` and `curl` are run against the world, of the others every word is checked that can be. The
 * world is undefined for a line that may not be run.
 */
export async function tryLine(line: string, world: LocalWorld | undefined): Promise<Tried> {
  const env = world?.env ?? { ADMIN_TOKEN: "…" };
  let output = "";
  for (const [program = "", ...args] of wordsOf(line, env)) {
    const tried = await tryCommand(program, args, world);
    if (tried.problem !== undefined) return tried;
    output += tried.output ?? "";
  }
  return { output };
}

/** Returns whether a line is one that is run. */
export const isRun = (line: string): boolean => /^(curl |npm run (-\S+ |--silent )*send\b)/.test(line);

// --- Internal helpers ---

async function tryCommand(program: string, args: readonly string[], world: LocalWorld | undefined): Promise<Tried> {
  if (program === "npm") return tryNpm(args, world);
  if (program === "npx") return tryNpx(args);
  if (program === "curl") return world ? curl(args, world) : {};
  if (program === "git" && args[0] === "clone") return {};
  if (["node", "bun", "deno"].includes(program)) return fileProblem(args);
  if (program === "cd") return {};
  return {
    problem: `No test knows the command "${program}". Teach test/node/docs/commands.ts, or say why it is not run.`,
  };
}

async function tryNpm([verb, ...rest]: readonly string[], world: LocalWorld | undefined): Promise<Tried> {
  if (verb === "ci") return installProblem(rest);
  const words = rest.filter((word, index) => !(word.startsWith("-") && word !== "--" && rest.indexOf("--") > index));
  const before = words[0] === "--silent" || words[0] === "-s" ? words.slice(1) : words;
  const [script = "", ...after] = verb === "test" ? ["test", ...before] : verb === "run" ? before : [];
  if (script === "") return { problem: `npm ${verb} is not a command that a page uses.` };
  const [dashes, ...args] = after;
  if (dashes !== undefined && dashes !== "--") return { problem: `npm takes "${dashes}" for itself: -- is missing.` };
  const command = scripts()[script];
  if (command === undefined) return { problem: `There is no script "${script}" in package.json.` };
  if (script === "send" && world) return send(args, world);
  return { ...(await optionsProblem(script, command, args)) };
}

/** `npm ci` installs what a lock file names: here, or under a folder of the project. */
function installProblem([option, folder = ".", ...more]: readonly string[]): Tried {
  if ((option !== undefined && option !== "--prefix") || more.length > 0)
    return { problem: `npm ci takes no ${option}.` };
  return existsSync(join(root, folder, "package-lock.json")) ? {} : { problem: `${folder} has no package-lock.json.` };
}

async function tryNpx([program, ...args]: readonly string[]): Promise<Tried> {
  if (program !== "wrangler") return { problem: `The project has no use for npx ${program}.` };
  const [verb, noun, name] = args;
  if (verb === "secret" && noun === "put") {
    return name === "NAME" || variables().has(name ?? "") ? {} : { problem: `The Worker reads no variable ${name}.` };
  }
  if (["deploy", "dev", "tail", "rollback", "deployments", "login", "types"].includes(verb ?? "")) {
    return optionsProblem(`wrangler ${verb}`, `wrangler ${verb}`, args.slice(1));
  }
  return { problem: `No test knows wrangler ${args.join(" ")}.` };
}

/** The names of all variables that the Worker reads, from what it says of an environment of nonsense. */
export function variables(): ReadonlySet<string> {
  const text = readFileSync(join(root, "src/runtime/config.ts"), "utf8");
  const names = [...text.matchAll(/^ {2}([A-Z][A-Z_]+): \{/gm)].map(([, name = ""]) => name);
  const missing = readConfig({}).problems.map(({ variable }) => variable);
  if (!missing.every((name) => names.includes(name)))
    throw new Error("The variables are no longer declared as they were.");
  return new Set(names);
}

const scripts = (): Record<string, string> => JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;

/** A script that reads no options may begin its work instead. */
const helpWithinMs = 20_000;

const helps = new Map<string, Promise<string>>();

/** Returns what a script says of its options. */
function helpOf(command: string): Promise<string> {
  const known = helps.get(command);
  if (known) return known;
  const [program = "", ...words] = command.split(" ");
  const file = program === "node" ? process.execPath : join(root, "node_modules/.bin", program);
  const help = run(file, [...words, "--help"], helpWithinMs).then(({ output }) => output);
  helps.set(command, help);
  return help;
}

async function optionsProblem(script: string, command: string, args: readonly string[]): Promise<Tried> {
  const options = args.filter((word) => /^--?[a-z]/i.test(word)).map((word) => word.replace(/=.*/, ""));
  for (const word of args) {
    if (/^(src|test|local|docs|bench)\//.test(word) && !existsSync(join(root, word)))
      return { problem: `There is no ${word}.` };
  }
  if (options.length === 0) return {};
  if (command.includes("&&")) return { problem: `${script} takes no options.` };
  const help = await helpOf(command);
  const unknown = options.find((option) => !new RegExp(`(^|[\\s,[])${option}\\b`, "m").test(help));
  return unknown === undefined ? {} : { problem: `${script} has no option ${unknown}.` };
}

const send = async (args: readonly string[], world: LocalWorld): Promise<Tried> =>
  told(await run(process.execPath, ["local/send.ts", ...args, "--simulator", world.simulator]), world);

async function curl(args: readonly string[], world: LocalWorld): Promise<Tried> {
  const real = args.map((word) =>
    world.addresses.reduce((text, [written, url]) => text.replaceAll(written, url), word),
  );
  const [away] = real.filter((word) => /^https?:/.test(word) && new URL(word).hostname !== "127.0.0.1");
  if (away !== undefined)
    return { problem: `The tests stay on this machine: write https://….workers.dev, not ${away}.` };
  // A stream that goes on after a second has begun well: a refusal ends it.
  const ran = await run("curl", ["-sS", "-w", "\n%{http_code}", ...real], real.includes("-N") ? 1_500 : undefined);
  const [, body, status] = /^([^]*)\n(\d{3})$/.exec(ran.output) ?? [];
  if (body === undefined) return told(ran, world);
  return { ...told({ ...ran, output: body }, world), ...(Number(status) >= 400 && { problem: `${status}: ${body}` }) };
}

/** A program of the repository is tried where it lies; its page shows that it exists. */
function fileProblem(args: readonly string[]): Tried {
  const file = args.find((word) => /\.[jt]sx?$/.test(word));
  return file !== undefined && existsSync(join(root, file))
    ? {}
    : { problem: `There is no file in ${args.join(" ")}.` };
}

/** What a command said, in the words of the pages. */
function told({ output, code }: Ran, { addresses }: LocalWorld): Tried {
  const text = addresses.reduce((text, [written, real]) => text.replaceAll(real, written), output);
  return code === 0 ? { output: text } : { output: text, problem: `It ends with exit code ${code}: ${text}` };
}

interface Ran {
  output: string;
  code: number | null;
}

/** Runs a program in the repository; it is ended after `forMs`, which then counts as success. */
function run(file: string, args: readonly string[], forMs?: number): Promise<Ran> {
  const env = { ...process.env, NO_COLOR: "1" };
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(file, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let isEnded = false;
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const timer = forMs === undefined ? undefined : setTimeout(() => (isEnded = child.kill()), forMs);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ output, code: isEnded ? 0 : code });
    });
  });
}
