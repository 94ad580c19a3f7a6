import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asTree, signalTree } from "../../../local/process-tree.ts";
import type { TestFile } from "../tests-of.ts";
import type { Failure, Order, Report } from "./messages.ts";

/** Tests to run in this order until one fails, with a file changed while they run. */
export interface Job {
  change?: { file: string; text: string };
  tests: readonly TestFile[];
  /** How long no test may end. */
  silenceMs: number;
  /** How long all of it may take. */
  withinMs: number;
}

/**
 * `hung`: no test ended for as long as `silenceMs` allows. `late`: the tests were not through within `withinMs`. `crashed`: the
 * process of the tests ended.
 */
export type Outcome =
  | { type: "passed" }
  | { type: "failed"; failure: Failure }
  | { type: "hung" }
  | { type: "late" }
  | { type: "crashed" };

/** Runs tests in a copy of the repository, one job at a time, in a process that a fault may hang or end. */
export interface Lane {
  /** Throws once the lane is closed. */
  run(job: Job): Promise<Outcome>;
  /** Ends the process, with what it started. */
  close(): void;
}

const startWithinMs = 60_000;

/** Opens a lane in a folder. Its process starts with the first job, and again after one that it did not survive. */
export function openLane(folder: string): Lane {
  let current: ChildProcess | undefined;
  let isClosed = false;

  async function start(): Promise<ChildProcess> {
    // Workerd ends with it; from the copy, which no edit changes while it runs.
    const started = spawn(process.execPath, [join(folder, "test/mutants/run/worker.ts")], {
      cwd: folder,
      ...asTree(),
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    current = started;
    const outcome = await ending(started, "ready", startWithinMs);
    if (outcome.type !== "passed") throw new Error(`Vitest does not start in ${folder}: it ${outcome.type}.`);
    return started;
  }

  function end(): void {
    signalTree(current?.pid, "SIGKILL");
    current = undefined;
  }

  return {
    async run({ change, tests, silenceMs, withinMs }) {
      if (isClosed) throw new Error("The lane is closed.");
      const process = current ?? (await start());
      const path = change && join(folder, change.file);
      const original = path && readFileSync(path);
      if (path) writeFileSync(path, change.text);
      const outcome = ending(process, "done", silenceMs, withinMs);
      process.send({ tests, ...(change && { changed: change.file }) } satisfies Order);
      const { type } = await outcome;
      if (type !== "passed" && type !== "failed") end();
      if (path && original) writeFileSync(path, original);
      return outcome;
    },
    close() {
      isClosed = true;
      end();
    },
  };
}

// --- Internal helpers ---

/** Waits for a report that ends a job, for the end of the process, for a silence, or for the end of the time. */
function ending(process: ChildProcess, last: Report["type"], silenceMs: number, withinMs = Infinity): Promise<Outcome> {
  return new Promise((resolve) => {
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      clearTimeout(lateTimer);
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
    const lateTimer = Number.isFinite(withinMs) ? setTimeout(() => end({ type: "late" }), withinMs) : undefined;
    process.on("message", hear).on("exit", crash);
  });
}
