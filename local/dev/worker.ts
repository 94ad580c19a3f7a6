import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { createEnvironment } from "./environment.ts";
import { startFront } from "./front.ts";

const root = join(import.meta.dirname, "../..");

export interface WorkerOptions {
  /** The entry point, relative to the project. Default: that of wrangler.toml. */
  entry?: string;
  /** Flags of the runtime besides those of wrangler.toml. Default: none. */
  flags?: readonly string[];
  host: string;
  port: number;
  /** The secrets that wrangler.toml requires. They replace the developer's `.dev.vars` and `.env`, which are not read. */
  secrets: Record<string, string>;
  /** Other bindings. An env file cannot hold them: where secrets are required, wrangler reads only those from it. */
  vars: Record<string, string>;
  /** Called with each line that the Worker or wrangler prints once the Worker is ready. */
  onLine(line: string): void;
}

export interface LocalWorker {
  url: string;
  /** Resolves when the Worker answers. Rejects with wrangler's output when it does not within a minute. */
  ready: Promise<void>;
  /** Resolves when `wrangler dev` has ended. */
  ended: Promise<void>;
  /** Ends `wrangler dev` and every process it started. */
  stop(): Promise<void>;
}

const readyWithinMs = 60_000;

/** Starts the Worker under `wrangler dev`. */
export function startWorker({ entry, flags = [], host, port, secrets, vars, onLine }: WorkerOptions): LocalWorker {
  const scratch = mkdtempSync(join(tmpdir(), "sandpiper-"));
  const envFile = join(scratch, "vars.env");
  writeFileSync(
    envFile,
    Object.entries(secrets)
      .map(([name, value]) => `${name}="${value}"\n`)
      .join(""),
    { mode: 0o600 },
  );

  const wrangler = spawn(
    process.execPath,
    [
      join(root, "node_modules/wrangler/bin/wrangler.js"),
      "dev",
      ...(entry === undefined ? [] : [entry]),
      ...flags.map((flag) => `--compatibility-flags=${flag}`),
      // Any free port: the front serves `port`.
      "--ip=127.0.0.1",
      "--port=0",
      "--inspector-port=0",
      `--env-file=${envFile}`,
      ...Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
      "--show-interactive-dev-session=false",
    ],
    {
      cwd: root,
      // A separate process group: Ctrl-C reaches this process alone, which then ends the group in order.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: createEnvironment(scratch),
    },
  );

  let isReady = false;
  let endFront: (() => Promise<void>) | undefined;
  const early: string[] = [];
  const listening = Promise.withResolvers<string>();
  for (const stream of [wrangler.stdout, wrangler.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      const target = /Ready on (http:\S+)/.exec(line)?.[1];
      if (target !== undefined) listening.resolve(target);
      if (!isReady) early.push(line);
      else if (!isProbe(line)) onLine(line);
    });
  }
  const ended = new Promise<void>((resolve) => {
    wrangler.once("error", () => resolve());
    wrangler.once("close", () => resolve());
  }).then(() => rmSync(scratch, { recursive: true, force: true }));

  async function stop(): Promise<void> {
    await endFront?.();
    signalGroup(wrangler.pid, "SIGTERM");
    const killing = setTimeout(() => signalGroup(wrangler.pid, "SIGKILL"), 5_000);
    await ended;
    clearTimeout(killing);
    // A workerd that outlived wrangler would keep the port.
    signalGroup(wrangler.pid, "SIGKILL");
  }

  const url = `http://${host}:${port}`;

  async function start(): Promise<"ready" | "silent"> {
    const target = await Promise.race([listening.promise, sleep(readyWithinMs, undefined, { ref: false })]);
    if (target === undefined) return "silent";
    endFront = await startFront({ host, port, target });
    return answers(`${url}/health`);
  }

  async function untilReady(): Promise<void> {
    const outcome = await Promise.race([start(), ended.then(() => "ended" as const)]);
    if (outcome !== "ready") throw new Error(`The Worker did not start. The output of wrangler:\n${early.join("\n")}`);
    isReady = true;
  }

  return { url, ready: untilReady(), ended, stop };
}

// --- Internal helpers ---

/** The request that finds the Worker ready is printed after it. */
const isProbe = (line: string): boolean => line.includes("GET /health 200");

async function answers(url: string): Promise<"ready" | "silent"> {
  const giveUpAt = Date.now() + readyWithinMs;
  while (Date.now() < giveUpAt) {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return "ready";
    await sleep(50);
  }
  return "silent";
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended already.
  }
}
