import type { TestProject } from "vitest/node";
import { type Backend, createEngine, createRedisRestServer } from "../../../local/redis/index.ts";
import "../provided.ts";

/**
 * One Redis REST server for the tests inside workerd. Every token is a database of its own, empty at first, which lives until its
 * worker has gone on to another file: hundreds of idle engines would take a core from the tests.
 */
export default async function startRedis(project: TestProject) {
  const workers = new Map<string, Map<string, Promise<Backend>[]>>();

  function open(token: string): Promise<Backend> | undefined {
    const [kind, worker = "", file = ""] = token.split(":");
    if (kind !== "db") return undefined;
    const files = workers.get(worker) ?? new Map<string, Promise<Backend>[]>();
    workers.set(worker, files);
    // What a file left behind may still come late: only a new file ends the others.
    if (!files.has(file)) for (const ended of files.values()) closeAll(ended.splice(0));
    const engine = createEngine();
    files.set(file, [...(files.get(file) ?? []), engine]);
    return engine;
  }

  const server = await createRedisRestServer({
    token: "unused-default-database",
    backend: await createEngine(),
    databases: open,
    faults: true,
  });
  project.provide("redisUrl", server.url);
  return () => server.close();
}

// --- Internal helpers ---

function closeAll(engines: readonly Promise<Backend>[]): void {
  for (const engine of engines) void engine.then(({ close }) => close());
}
