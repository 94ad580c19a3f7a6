import type { TestProject } from "vitest/node";
import { createEngine } from "../../../local/redis/engine/engine.ts";
import { createRedisRestServer } from "../../../local/redis/index.ts";
import "../provided.ts";

/** One Redis REST server for the tests inside workerd. Every token is a database of its own, empty at first. */
export default async function startRedis(project: TestProject) {
  const server = await createRedisRestServer({
    token: "unused-default-database",
    backend: await createEngine(),
    databases: (token) => (token.startsWith("db-") ? createEngine() : undefined),
    faults: true,
  });
  project.provide("redisUrl", server.url);
  return () => server.close();
}
