import { writeSync } from "node:fs";
import { inspect } from "node:util";
import { Worker } from "node:worker_threads";
import type { Finding } from "./commands.ts";

// The process of commands.ts: imports the features, and writes what it finds to its fourth file, once.

function report(finding: Finding): never {
  writeSync(3, JSON.stringify(finding));
  process.exit();
}

new Worker(new URL("./endless.ts", import.meta.url)).unref();
try {
  const { features } = await import("../../src/bot/features.ts");
  const { commandBodies, createWorker } = await import("../../src/runtime/index.ts");
  const commands = commandBodies(features);
  // The checks of the start, where a stack and the saved files are at hand.
  createWorker({ features });
  report({ commands });
} catch (error) {
  // A thrown value has no place here; workerd knows it.
  if (!(error instanceof Error)) report({ error: { name: "", message: `Threw ${inspect(error)}`, stack: "" } });
  const { name, message, stack = "", code } = error as NodeJS.ErrnoException;
  report({ error: { name, message, stack, ...(code !== undefined && { code }) } });
}
