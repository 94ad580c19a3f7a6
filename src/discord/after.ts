import type { Clock } from "../platform/index.ts";

/** Calls `run` after `ms` milliseconds on the clock. Returns a function that calls it off. */
export function after(clock: Pick<Clock, "sleep">, ms: number, run: () => void): () => void {
  const off = new AbortController();
  void clock.sleep(ms, off.signal).then(() => {
    if (!off.signal.aborted) run();
  });
  return () => off.abort();
}
