import { setTimeout as sleep } from "node:timers/promises";
import { attempt, discard, type Found } from "./attempt.ts";
import { commandChanges } from "./command-changes.ts";
import type { CommandBody, ReadCommands } from "./commands.ts";
import { createMistake, type Mistake, titles } from "./mistake.ts";
import type { Built, RunningWorker } from "./worker-host.ts";

export interface LoopOptions {
  /** Builds and starts the Worker from the files as they are. An aborted build no longer matters. */
  build(signal: AbortSignal): Promise<Built>;
  /** Reads the declared commands from the files as they are. */
  readCommands(saved: readonly string[]): Promise<ReadCommands>;
  /** Registers the commands, just before the Worker that declares them answers. Returns the reason if they are refused. */
  onCommands(commands: readonly CommandBody[], saved: readonly string[]): Mistake | undefined;
  /**
   * Called when a Worker begins to answer. `changes` are those of the commands since the Worker before: `new /pong`. `ms`
   * counts from the first save.
   */
  onLive(live: { saved: readonly string[]; changes: readonly string[]; ms: number }): void;
  /** Called with each mistake, and with `null` when it is mended. The Worker of before goes on answering. */
  onMistake(mistake: Mistake | null): void;
}

/** Turns saved files into a Worker that answers and into registered commands: both or neither. */
export interface Loop {
  /** Takes note of a saved file; without one, the Worker is built from the files as they are. */
  saved(file?: string): void;
  /** Resolves when everything saved until now either answers or is known to be a mistake. */
  settled(): Promise<void>;
  /** Returns the address of the Worker that answers, or `undefined` before the first. */
  url(): string | undefined;
  /** Returns the mistake in the files as they are, if there is a known one. */
  mistake(): Mistake | undefined;
  /** Takes note that the Worker has ended unasked. It is built again, unless it had only just begun. */
  lost(): void;
}

/** What was saved since the last outcome. Each save makes another. */
interface Saves {
  readonly files: ReadonlySet<string>;
  readonly at: number;
}

/** Editors write in several steps, and a change of branch writes many files. */
const quietMs = 30;
/** A replaced Worker may finish within this time what it does behind its answers. */
const graceMs = 5_000;

export function createLoop({ build, readCommands, onCommands, onLive, onMistake }: LoopOptions): Loop {
  let live: { worker: RunningWorker; since: number } | undefined;
  let registered: readonly CommandBody[] = [];
  let mistake: Mistake | undefined;
  let saves: Saves | undefined;
  let running: Promise<void> | undefined;

  function saved(file?: string): void {
    saves = { files: new Set([...(saves?.files ?? []), ...(file === undefined ? [] : [file])]), at: performance.now() };
    running ??= run().finally(() => (running = undefined));
  }

  async function run(): Promise<void> {
    const startedAt = performance.now();
    while (saves) {
      const seen: Saves = saves;
      await sleep(Math.max(0, seen.at + quietMs - performance.now()));
      if (saves !== seen) continue;
      const files = [...seen.files];
      const ending = new AbortController();
      const found = await attempt(build(ending.signal), readCommands(files));
      if ("mistake" in found) ending.abort();
      // After another save, this is about files that have changed since.
      if (saves !== seen) discard(found);
      else {
        saves = undefined;
        settle(found, files, performance.now() - startedAt);
      }
    }
  }

  function settle(found: Found, files: readonly string[], ms: number): void {
    if ("mistake" in found) return fail(found.mistake);
    const { worker, commands } = found;
    const refusal = onCommands(commands, files);
    if (refusal) {
      discard(found);
      return fail(refusal);
    }
    const before = live;
    const changes = commandChanges(registered, commands);
    registered = commands;
    live = { worker, since: performance.now() };
    if (before) setTimeout(() => before.worker.dispose(), graceMs).unref();
    if (mistake) onMistake(null);
    mistake = undefined;
    onLive({ saved: files, changes, ms });
  }

  function fail(found: Mistake): void {
    mistake = found;
    onMistake(found);
  }

  return {
    saved,
    settled: () => running ?? Promise.resolve(),
    url: () => live?.worker.url,
    mistake: () => mistake,
    lost() {
      const lasted = live ? performance.now() - live.since : 0;
      live = undefined;
      if (lasted > graceMs) saved();
      else if (!running) fail(createMistake(titles.start, "Wrangler ended. Save a file to start the Worker again"));
    },
  };
}
