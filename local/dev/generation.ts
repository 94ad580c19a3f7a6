import { AsyncLocalStorage } from "node:async_hooks";
import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { unstable_DevEnv as DevEnv } from "wrangler";
import type { Mistake } from "./mistake.ts";
import { createTraces, type Traces } from "./traces.ts";
import { buildMistake, settingsMistake, startMistake } from "./wrangler-errors.ts";

export interface GenerationOptions {
  /** The project's folder, which holds its wrangler.toml. */
  root: string;
  /** The Worker's entry point, relative to the project. Default: that of wrangler.toml. */
  entry?: string;
  /** Compatibility flags besides those of wrangler.toml. Default: none. */
  flags?: readonly string[];
  /** The secrets that wrangler.toml requires. They replace the developer's `.dev.vars` and `.env`, which are not read. */
  secrets: Readonly<Record<string, string>>;
  /** Other bindings. */
  vars: Readonly<Record<string, string>>;
}

/** The Worker as the files were at one moment: it answers until it is disposed of, whatever is saved meanwhile. */
export interface Generation {
  /** Resolves when the Worker answers, or with the reason why it never will. */
  readonly outcome: Promise<{ url: string } | { mistake: Mistake }>;
  /** Ends the Worker and its processes. */
  dispose(): Promise<void>;
}

/** The processes of each generation. Wrangler awaits a workerd that never starts for ever, and does not give it out. */
const processesOf = new AsyncLocalStorage<Set<ChildProcess>>();
subscribe("child_process", (message) => {
  processesOf.getStore()?.add((message as { process: ChildProcess }).process);
});
const endWithinMs = 1_000;

/** Builds the Worker with wrangler, as `wrangler dev` does, and starts it in workerd on a free port of 127.0.0.1. */
export function startGeneration(
  { root, entry, flags = [], secrets, vars }: GenerationOptions,
  onLog: (text: string) => void,
): Generation {
  const env = new DevEnv();
  const found = Promise.withResolvers<Mistake | undefined>();
  let traces: Traces = (text) => text;

  const dispatch = env.dispatch.bind(env);
  env.dispatch = (event) => {
    if (event.type === "bundleComplete") traces = createTraces(event.bundle.path, event.bundle.sourceMapPath, root);
    if (event.type === "reloadComplete") found.resolve(undefined);
    if (event.type === "error") {
      const isBuild = event.source === "BundlerController";
      found.resolve(isBuild ? buildMistake(event.cause) : startMistake(traces(event.cause.message)));
    }
    if (event.type === "runtimeError") onLog(`Uncaught ${traces(event.stack)}`);
    dispatch(event);
  };

  const processes = new Set<ChildProcess>();
  const start = () =>
    env.startWorker({
      config: `${root}/wrangler.toml`,
      ...(entry !== undefined && { entrypoint: join(root, entry) }),
      ...(flags.length > 0 && { compatibilityFlags: [...flags] }),
      // Wrangler reads no file of the developer where it is given others; this one does not exist.
      envFiles: [`${import.meta.dirname}/no-variables.env`],
      bindings: { ...bind(secrets, "secret_text"), ...bind(vars, "plain_text") },
      build: { minify: false },
      dev: {
        server: { hostname: "127.0.0.1", port: 0 },
        inspector: false,
        logLevel: "none",
        watch: false,
        remote: false,
        structuredLogsHandler({ message }: { message: string }) {
          // Workerd's own word on a failed start is a mistake, and reported as one.
          if (!message.startsWith("service core:")) onLog(traces(message));
        },
      },
    });

  async function run(): Promise<{ url: string } | { mistake: Mistake }> {
    try {
      const worker = await processesOf.run(processes, start);
      const mistake = await found.promise;
      return mistake ? { mistake } : { url: (await worker.url).origin };
    } catch (error) {
      return { mistake: settingsMistake(error, root) };
    }
  }

  return {
    outcome: run(),
    async dispose() {
      // One that failed to start fails to end as well.
      await Promise.race([env.teardown().catch(() => {}), sleep(endWithinMs)]);
      // Not the bundler's, which all generations share.
      for (const process of processes) if (process.spawnfile.includes("workerd")) process.kill("SIGKILL");
    },
  };
}

// --- Internal helpers ---

const bind = <Type extends "secret_text" | "plain_text">(values: Readonly<Record<string, string>>, type: Type) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { type, value }]));
