import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { type Deployed, deployedIn } from "./wrangler-output.ts";

const program = join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin/wrangler.js");

export interface StartOptions {
  env?: Record<string, string>;
  /**
   * `shown`: the person sees it as wrangler prints it, and answers its questions, such as the login. `piped`: it is read here, and
   * wrangler asks nothing. Default: `piped`.
   */
  output?: "shown" | "piped";
}

/** Starts wrangler without a shell, so that no argument needs quoting. */
export const startWrangler = (
  root: string,
  args: readonly string[],
  { env = {}, output = "piped" }: StartOptions = {},
): ChildProcess =>
  spawn(process.execPath, [program, ...args], {
    cwd: root,
    stdio: output === "shown" ? "inherit" : ["inherit", "pipe", "pipe"],
    env: { ...process.env, WRANGLER_HIDE_BANNER: "true", WRANGLER_SEND_METRICS: "false", ...env },
  });

/** Returns how a command that a person runs starts wrangler: in a terminal, with its questions. */
export const outputForPerson = ({ stdin, stdout }: Pick<NodeJS.Process, "stdin" | "stdout">): "shown" | "piped" =>
  stdin.isTTY && stdout.isTTY ? "shown" : "piped";

export interface DeployOptions {
  tag: string;
  secretsFile?: string;
  /** Where the Worker answers, if wrangler.toml names a route that does not tell. */
  url?: string | undefined;
  /** Receives what wrangler prints, unless it prints to a terminal itself. */
  onOutput(text: string): void;
}

/** Runs `wrangler deploy`. Throws a `Failure` with what wrangler says, or when the Worker has no address. */
export async function deploy(root: string, { tag, secretsFile, url, onOutput }: DeployOptions): Promise<Deployed> {
  const folder = mkdtempSync(join(tmpdir(), "sandpiper-deploy-"));
  const outputPath = join(folder, "output.ndjson");
  try {
    const secrets = secretsFile === undefined ? [] : ["--secrets-file", secretsFile];
    const child = startWrangler(root, ["deploy", "--tag", tag, ...secrets], {
      env: { WRANGLER_OUTPUT_FILE_PATH: outputPath },
      output: outputForPerson(process),
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => onOutput(chunk.toString()));
    const code = await ended(child);
    return deployedIn(readOutput(outputPath), code, url);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs wrangler. Returns its exit code, and all that it printed. */
export async function runWrangler(root: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  const child = startWrangler(root, args);
  const [code, out, err] = await Promise.all([
    ended(child),
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
  ]);
  return { code, output: `${out}${err}` };
}

// --- Internal helpers ---

const ended = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });

/** Returns what wrangler wrote; empty when it wrote nothing. */
const readOutput = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");
