import { readFileSync } from "node:fs";

/**
 * Calls `onOrphaned` when the parent or grandparent of this process ends: npm, or the shell between npm and this
 * process. A killed npm passes no signal on, and what it started would run on. Returns a function that ends the watch.
 */
export function watchAncestors(onOrphaned: () => void): () => void {
  const before = ancestors();
  const timer = setInterval(() => {
    if (ancestors() !== before) onOrphaned();
  }, 1_000).unref();
  return () => clearInterval(timer);
}

// --- Internal helpers ---

const ancestors = (): string => `${process.ppid} ${parentOf(process.ppid)}`;

/** The parent of another process; empty on systems other than Linux, where only the parent is watched. */
function parentOf(pid: number): string {
  try {
    // The process name, in parentheses, may hold any character; the state and the parent follow it.
    return /\) \S (\d+) [^)]*$/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1] ?? "";
  } catch {
    return "";
  }
}
