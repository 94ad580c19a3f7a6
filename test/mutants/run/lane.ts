import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Failure, Job, Report } from "./messages.ts";

/** `hung`: no test ended for as long as `silenceMs` allows. `crashed`: the process of the tests ended. */
export type Outcome =
  | { type: "passed" }
  | { type: "failed"; failure: Failure }
  | { type: "hung" }
  | { type: "crashed" };

/** Runs tests in a copy of the repository, one job at a time, in a process that a fault may hang or end. */
export interface Lane {
  /** `silenceMs`: how long no test may end. */
  run(job: Job, silenceMs: number): Promise<Outcome>;
  close(): void;
}

const startWithinMs = 60_000;

/** Opens a lane in a folder. Its process starts with the first job, and again after one that it did not survive. */
export function openLane(folder: string): Lane {
  let current: ChildProcess | undefined;

  async function start(): Promise<ChildProcess> {
    // A group of its own, so that one signal reaches workerd too.
    const started = spawn(process.execPath, [join(import.meta.dirname, "worker.ts")], {
      cwd: folder,
      detached: true,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    current = started;
    const outcome = await ending(started, "ready", startWithinMs);
    if (outcome.type !== "passed") throw new Error(`Vitest does not start in ${folder}: it ${outcome.type}.`);
    return started;
  }

  function close(): void {
    if (current?.pid !== undefined) endGroup(current.pid);
    current = undefined;
  }

  return {
    async run(job, silenceMs) {
      const process = current ?? (await start());
      const outcome = ending(process, "done", silenceMs);
      process.send(job);
      const { type } = await outcome;
      if (type === "hung" || type === "crashed") close();
      return outcome;
    },
    close,
  };
}

// --- Internal helpers ---

/** Waits for a report that ends a job, for the end of the process, or for a silence. */
function ending(process: ChildProcess, last: Report["type"], silenceMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      process.off("message", hear).off("exit", crash);
      resolve(outcome);
    };
    const crash = () => end({ type: "crashed" });
    const hear = (report: Report) => {
      timer.refresh();
      if (report.type !== last) return;
      end(report.type === "done" && report.failure ? { type: "failed", failure: report.failure } : { type: "passed" });
    };
    const timer = setTimeout(() => end({ type: "hung" }), silenceMs);
    process.on("message", hear).on("exit", crash);
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
