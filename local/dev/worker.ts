import { setTimeout as sleep } from "node:timers/promises";
import { createCommandReader } from "./commands.ts";
import { startFront } from "./front.ts";
import type { GenerationOptions } from "./generation.ts";
import { createLoop, type LoopOptions } from "./loop.ts";
import { type Mistake, sentenceOf } from "./mistake.ts";
import { watchSources } from "./source-watch.ts";
import { createWorkerHost } from "./worker-host.ts";

export interface WorkerOptions extends GenerationOptions, Pick<LoopOptions, "onCommands" | "onLive" | "onMistake"> {
  host: string;
  port: number;
  /** Called with each line that the Worker prints, and with each request that it answered. */
  onLine(line: string): void;
}

export interface LocalWorker {
  url: string;
  /**
   * Resolves when the Worker answers, or its files are known to hold a mistake: then the port answers with the sentence until a
   * save mends it.
   */
  ready: Promise<void>;
  /** Resolves when everything saved until now either answers or is known to be a mistake, or after two seconds. */
  settled(): Promise<void>;
  /** Returns the mistake in the files as they are, if there is a known one. */
  mistake(): Mistake | undefined;
  /** Ends the watch of the files, the Worker, and every process that it started. */
  stop(): Promise<void>;
}

/** A request waits so long for a Worker that is being built, of the three seconds that Discord waits. */
const holdMs = 2_000;

/** Serves the Worker on one port, and after each save its successor. */
export function startWorker(options: WorkerOptions): LocalWorker {
  const { host, port, root, onLine } = options;
  const workers = createWorkerHost({ ...generationOf(options), onLine, onEnded: () => loop.lost() });
  const reader = createCommandReader(root);
  const loop = createLoop({
    ...options,
    build: workers.build,
    readCommands: reader.read,
  });

  function reason(): string {
    const mistake = loop.mistake();
    return mistake ? sentenceOf(mistake) : "The Worker has not started yet.";
  }

  const { settled, url: target } = loop;
  const front = startFront({ host, port, settled, holdMs, target, reason, onAnswer: onLine });
  const endWatch = watchSources({ root, folder: "src", files: ["wrangler.toml"] }, loop.saved);
  loop.saved();

  return {
    url: `http://${host}:${port}`,
    ready: front.then(settled),
    settled: () => Promise.race([settled(), sleep(holdMs, undefined, { ref: false })]),
    mistake: loop.mistake,
    async stop() {
      endWatch();
      reader.stop();
      // A front that did not start is the caller's to report.
      const endFront = await front.catch(() => undefined);
      await endFront?.();
      await workers.stop();
    },
  };
}

// --- Internal helpers ---

/** Only these reach the process in which wrangler runs: functions cannot. */
const generationOf = ({ root, secrets, vars, entry, flags }: WorkerOptions): GenerationOptions => ({
  root,
  secrets,
  vars,
  ...(entry !== undefined && { entry }),
  ...(flags && { flags }),
});
