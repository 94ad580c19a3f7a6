import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";

// Starts the commands of this project, as a person does.

export const root = join(import.meta.dirname, "../..");
const started: ChildProcess[] = [];

/** Ends what was started and remains. Not by SIGKILL: after a failure, a process must still stop those that it started. */
export function endStarted(): void {
  for (const child of started.splice(0)) kill(child, "SIGTERM");
}

/** Starts an npm script in a new process group, as a terminal does. */
export const npmRun = (script: string, ...args: string[]) =>
  run(root, "npm", ["run", "--silent", script, "--", ...args]);

export function run(cwd: string, program: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  started.push(child);
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    child,
    ended,
    output: () => output,
    /** Resolves when the output matches. Rejects when the script ends first. */
    until: (pattern: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const look = () => pattern.test(output) && resolve();
        listeners.add(look);
        void ended.then((code) => reject(new Error(`ended with ${code}:\n${output}`)));
        look();
      }),
  };
}

export function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has ended.
  }
}

/**
 * Returns a port that no program listens on, from below those that the system gives to outgoing connections: one of those may be taken
 * by another test before the program that it is meant for starts.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if (await isFree(port)) return port;
  }
}

export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

export const flagsOf = (ports: Record<string, number>): string[] =>
  Object.entries(ports).flatMap(([name, port]) => [`--${name}-port`, String(port)]);

export const freePorts = async () => ({ worker: await freePort(), redis: await freePort(), discord: await freePort() });

export async function expectNothingLeft(ports: Record<string, number>): Promise<void> {
  for (const port of Object.values(ports)) await expect.poll(() => isFree(port), { timeout: 10_000 }).toBe(true);
}

/** Copies the project to a temporary folder, so that its files can be changed. */
export function copyProject(): string {
  const folder = mkdtempSync(join(tmpdir(), "sandpiper-copy-"));
  for (const name of ["local", "src", "package.json", "tsconfig.json", "wrangler.toml"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(realpathSync(join(root, "node_modules")), join(folder, "node_modules"), "junction");
  return folder;
}
