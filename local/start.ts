import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { type Command, runHere } from "./command-line.ts";
import { compileCacheOf } from "./compile-cache.ts";

/** Loads a command and runs it as this process. Node keeps the compiled files: the next start takes half as long. */
export async function start(load: () => Promise<Command>): Promise<void> {
  enableCompileCache(compileCacheOf(join(import.meta.dirname, "..")));
  await runHere(await load());
}
