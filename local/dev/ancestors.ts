import { readFileSync } from "node:fs";

/**
 * Calls `onOrphaned` when whoever started this process is gone: npm, or the shell that npm put in between. A killed npm
 * passes nothing on, and what it started would go on for ever. Returns a function that stops looking.
 */
export function watchAncestors(onOrphaned: () => void): () => void {
  const before = ancestors();
  const timer = setInterval(() => {
    if (ancestors() !== before) onOrphaned();
  }, 1_000).unref();
  return () => clearInterval(timer);
}

const ancestors = (): string => `${process.ppid} ${parentOf(process.ppid)}`;

/** Only Linux tells; elsewhere the nearest ancestor must do. */
function parentOf(pid: number): string {
  try {
    // The name, in parentheses, may hold anything; the state and the parent follow it.
    return /\) \S (\d+) [^)]*$/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1] ?? "";
  } catch {
    return "";
  }
}
