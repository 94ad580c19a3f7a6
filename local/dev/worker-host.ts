import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asTree, signalTree } from "../process-tree.ts";
import { createEnvironment } from "./environment.ts";
import type { GenerationOptions } from "./generation.ts";
import { createMistake, type Mistake, titles } from "./mistake.ts";
import type { Order, Report } from "./worker-process.ts";

export interface WorkerHostOptions extends GenerationOptions {
  /** Called with each line that the Worker prints. */
  onLine(line: string): void;
  /** Called when wrangler ends, and with it the Worker, without having been stopped. */
  onEnded(): void;
}

/** A Worker that answers at `url` until it is disposed of. */
export interface RunningWorker {
  url: string;
  dispose(): void;
}

export type Built = { worker: RunningWorker } | { mistake: Mistake };

/** Builds Workers, each beside those that it built before. */
export interface WorkerHost {
  /** Builds the Worker from the files as they are, within 20 s. An aborted build is ended and a mistake. Does not reject. */
  build(signal: AbortSignal): Promise<Built>;
  /** Ends wrangler and every process that it started. */
  stop(): Promise<void>;
}

const startWithinMs = 20_000;

/** Runs wrangler in a child process, which it starts when a Worker is to be built. */
export function createWorkerHost({ onLine, onEnded, ...options }: WorkerHostOptions): WorkerHost {
  const scratch = mkdtempSync(join(tmpdir(), "sandpiper-"));
  const waiting = new Map<number, (built: Built) => void>();
  let child: ChildProcess | undefined;
  let ended = Promise.resolve();
  let isStopping = false;
  let lastId = 0;

  function start(): ChildProcess {
    const started = spawn(process.execPath, [join(import.meta.dirname, "worker-process.ts")], {
      cwd: options.root,
      ...asTree(),
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: createEnvironment(scratch),
    });
    let errors = "";
    started.stderr?.on("data", (chunk: Buffer) => (errors = `${errors}${chunk.toString()}`.slice(-4_000)));
    started.on("message", hear);
    ended = new Promise<void>((resolve) => {
      started.once("error", () => resolve());
      started.once("close", () => resolve());
    }).then(() => {
      child = undefined;
      // A workerd that outlived wrangler would go on.
      signalTree(started.pid, "SIGKILL");
      const mistake = createMistake(titles.start, `Wrangler ended: ${errors.trim() || "it said nothing"}`);
      for (const settle of waiting.values()) settle({ mistake });
      if (!isStopping) onEnded();
    });
    return started;
  }

  function hear(report: Report): void {
    if (report.type === "log") return report.text.split("\n").forEach(onLine);
    const { id } = report;
    if (report.type === "failed") {
      waiting.get(id)?.({ mistake: report.mistake });
      send({ type: "dispose", id });
    } else waiting.get(id)?.({ worker: { url: report.url, dispose: () => send({ type: "dispose", id }) } });
  }

  const send = (order: Order) => void (child?.connected && child.send(order, () => {}));

  return {
    async build(signal) {
      const id = ++lastId;
      child ??= start();
      const { promise, resolve } = Promise.withResolvers<Built>();
      waiting.set(id, resolve);
      send({ type: "start", id, options });
      const end = AbortSignal.any([signal, AbortSignal.timeout(startWithinMs)]);
      end.addEventListener("abort", () => {
        if (!waiting.has(id)) return;
        send({ type: "dispose", id });
        resolve({ mistake: createMistake(titles.start, `It did not start within ${startWithinMs / 1_000} s`) });
      });
      return promise.finally(() => waiting.delete(id));
    },
    async stop() {
      isStopping = true;
      const pid = child?.pid;
      signalTree(pid, "SIGTERM");
      const killing = setTimeout(() => signalTree(pid, "SIGKILL"), 5_000);
      await ended;
      clearTimeout(killing);
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
