import { spawn } from "node:child_process";

// A child process with all that it starts, on every system: groups of processes are Unix's, and trees of them Windows'.

/** What the system does: in tests, what is asked of it. */
export interface System {
  platform: NodeJS.Platform;
  /** As `process.kill`. */
  kill(pid: number, signal: NodeJS.Signals): void;
  /** Starts a program, and awaits nothing of it. */
  start(program: string, args: readonly string[]): void;
}

const thisSystem: System = {
  platform: process.platform,
  kill: (pid, signal) => void process.kill(pid, signal),
  start(program, args) {
    // A system without the program has no tree to end.
    spawn(program, args, { stdio: "ignore", windowsHide: true }).once("error", () => {});
  },
};

/**
 * Returns the options of `spawn` for a child that Ctrl-C must not reach, so that its parent ends it in order. Elsewhere it leads
 * a group of processes. On Windows a detached child would open a window: it stays on the console, and ignores Ctrl-C.
 */
export const asTree = (platform = process.platform): { detached: boolean; windowsHide: boolean } => ({
  detached: platform !== "win32",
  windowsHide: true,
});

/**
 * Signals a child that was started `asTree`, and all that it started. Windows knows no signals: there all of them end at once,
 * if the child itself still runs. Does nothing when they have ended.
 */
export function signalTree(pid: number | undefined, signal: NodeJS.Signals, system = thisSystem): void {
  if (pid === undefined) return;
  if (system.platform === "win32") return system.start("taskkill", ["/PID", String(pid), "/T", "/F"]);
  try {
    system.kill(-pid, signal);
  } catch {
    // The group has ended already.
  }
}
