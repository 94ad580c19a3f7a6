import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "../..");

export interface WorkerOptions {
  host: string;
  port: number;
  /** The secrets that wrangler.toml requires. They replace the developer's `.dev.vars`, which is not read. */
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
export function startWorker({ host, port, secrets, vars, onLine }: WorkerOptions): LocalWorker {
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
      `--ip=${host}`,
      `--port=${port}`,
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
      env: {
        ...process.env,
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        WRANGLER_HIDE_BANNER: "true",
        WRANGLER_SEND_METRICS: "false",
        WRANGLER_WRITE_LOGS: "false",
        NO_COLOR: "1",
      },
    },
  );

  let isReady = false;
  const early: string[] = [];
  for (const stream of [wrangler.stdout, wrangler.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      if (!isReady) early.push(line);
      else if (!isProbe(line)) onLine(line);
    });
  }
  const ended = new Promise<void>((resolve) => {
    wrangler.once("error", () => resolve());
    wrangler.once("close", () => resolve());
  }).then(() => rmSync(scratch, { recursive: true, force: true }));

  async function stop(): Promise<void> {
    signalGroup(wrangler.pid, "SIGTERM");
    const killing = setTimeout(() => signalGroup(wrangler.pid, "SIGKILL"), 5_000);
    await ended;
    clearTimeout(killing);
    // A workerd that outlived wrangler would keep the port.
    signalGroup(wrangler.pid, "SIGKILL");
  }

  const url = `http://${host}:${port}`;

  async function untilReady(): Promise<void> {
    const outcome = await Promise.race([answers(`${url}/health`), ended.then(() => "ended" as const)]);
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
    await new Promise((resolve) => setTimeout(resolve, 50));
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
