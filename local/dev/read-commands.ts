import { writeSync } from "node:fs";
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
  const { commandBodies } = await import("../../src/runtime/index.ts");
  report({ commands: commandBodies(features) });
} catch (error) {
  const thrown = (error instanceof Error ? error : new Error(String(error))) as NodeJS.ErrnoException;
  const { name, message, stack = "", code } = thrown;
  report({ error: { name, message, stack, ...(code !== undefined && { code }) } });
}
