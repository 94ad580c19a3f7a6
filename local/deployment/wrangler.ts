import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { type Deployed, deployedIn } from "./wrangler-output.ts";

const program = join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin/wrangler.js");

/** Starts wrangler without a shell, so that no argument needs quoting. */
export const startWrangler = (root: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess =>
  spawn(process.execPath, [program, ...args], {
    cwd: root,
    // Its questions, such as the login, are the person's to answer.
    stdio: ["inherit", "pipe", "pipe"],
    env: { ...process.env, WRANGLER_HIDE_BANNER: "true", WRANGLER_SEND_METRICS: "false", ...env },
  });

export interface DeployOptions {
  tag: string;
  secretsFile?: string;
  /** Where the Worker answers, if wrangler.toml names a route that does not tell. */
  url?: string | undefined;
  /** Receives what wrangler prints. */
  onOutput(text: string): void;
}

/** Runs `wrangler deploy`. Throws a `Failure` with what wrangler says, or when the Worker has no address. */
export async function deploy(root: string, { tag, secretsFile, url, onOutput }: DeployOptions): Promise<Deployed> {
  const folder = mkdtempSync(join(tmpdir(), "sandpiper-deploy-"));
  const outputPath = join(folder, "output.ndjson");
  try {
    const secrets = secretsFile === undefined ? [] : ["--secrets-file", secretsFile];
    const child = startWrangler(root, ["deploy", "--tag", tag, ...secrets], { WRANGLER_OUTPUT_FILE_PATH: outputPath });
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
