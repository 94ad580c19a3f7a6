import { type Generation, type GenerationOptions, startGeneration } from "./generation.ts";
import type { Mistake } from "./mistake.ts";

// The process in which wrangler runs: see worker-host.ts. Its environment is empty, and it ends with its parent.

export type Order = { type: "start"; id: number; options: GenerationOptions } | { type: "dispose"; id: number };

export type Report =
  | { type: "started"; id: number; url: string }
  | { type: "failed"; id: number; mistake: Mistake }
  | { type: "log"; id: number; text: string };

const generations = new Map<number, Generation>();
const report = (message: Report) => void process.send?.(message);

async function start(id: number, options: GenerationOptions): Promise<void> {
  const generation = startGeneration(options, (text) => report({ type: "log", id, text }));
  generations.set(id, generation);
  const outcome = await generation.outcome;
  report("url" in outcome ? { type: "started", id, ...outcome } : { type: "failed", id, ...outcome });
}

process.on("message", (order: Order) => {
  if (order.type === "start") void start(order.id, order.options);
  else {
    void generations.get(order.id)?.dispose();
    generations.delete(order.id);
  }
});
process.once("disconnect", () => process.exit());
// On Windows, Ctrl-C reaches every process of the console: the parent ends this one in order.
if (process.platform === "win32") process.on("SIGINT", () => {});
