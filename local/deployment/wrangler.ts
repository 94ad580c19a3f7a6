import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { Failure } from "./failures.ts";

const program = join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin/wrangler.js");

/** Starts wrangler without a shell, so that no argument needs quoting. */
export const startWrangler = (root: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess =>
  spawn(process.execPath, [program, ...args], {
    cwd: root,
    // Its questions, such as the login, are the person's to answer.
    stdio: ["inherit", "pipe", "pipe"],
    env: { ...process.env, WRANGLER_HIDE_BANNER: "true", WRANGLER_SEND_METRICS: "false", ...env },
  });

/** A line of the file of `WRANGLER_OUTPUT_FILE_PATH`. */
interface OutputEntry {
  type: string;
  targets?: string[];
  version_id?: string;
  message?: string;
  code?: number;
}

export interface Deployed {
  /** Where the Worker answers, without a slash at the end. */
  url: string;
  versionId: string;
}

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
    const entries = readOutput(outputPath);
    const deployed = entries.find(({ type }) => type === "deploy");
    if (code !== 0 || !deployed) throw deployFailure(entries);
    return { url: url ?? urlIn(deployed.targets ?? []), versionId: deployed.version_id ?? "" };
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

/**
 * Returns the Worker's address among the targets of a deployment: on workers.dev, a custom domain, or a route that covers all of
 * a host. Throws a `Failure` when there is none.
 */
export function urlIn(targets: readonly string[]): string {
  const hosts = targets
    .filter((target) => !/^(schedule|event triggers):|^\.\.\.and /.test(target))
    .map((target) => /^(?:https?:\/\/)?([^\s/*]+\.[^\s/*]+?)(?:\/?\*?)?(?:\s\(.*\))?$/.exec(target)?.[1])
    .filter((host) => host !== undefined);
  const host = hosts.find((one) => !one.endsWith(".workers.dev")) ?? hosts[0];
  if (host !== undefined) return `https://${host}`;
  throw new Failure(
    "The Worker is deployed, but wrangler names no address at which it answers.",
    "Give the address: npm run setup -- --url https://bot.example.com",
  );
}

// --- Internal helpers ---

const ended = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });

function readOutput(path: string): OutputEntry[] {
  try {
    const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line) as OutputEntry);
  } catch {
    return [];
  }
}

function deployFailure(entries: readonly OutputEntry[]): Failure {
  const failed = entries.find(({ type }) => type === "command-failed");
  const message = failed?.message ?? "";
  const isLogin = failed?.code === 10_000 || /log(ged)? ?in|CLOUDFLARE_API_TOKEN|authenticat/i.test(message);
  return new Failure(
    `wrangler could not deploy${message ? `: ${message}` : "."}`,
    isLogin
      ? "Log in with npx wrangler login, or set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID; then run npm run setup again."
      : "What it printed above says why. Correct that, and run npm run setup again: it goes on where it stopped.",
  );
}
