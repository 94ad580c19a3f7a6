import { onTestFinished } from "vitest";
import {
  createEngine,
  createRedisRestServer,
  createTcpBackend,
  type RedisRestServerOptions,
} from "../../../../local/redis/index.ts";

/** A Redis of the tester's own instead of the embedded engine; its database 0 is emptied before each server. */
const redisUrl = process.env["REDIS_URL"];

/** Is the engine the embedded one, with everything Valkey 9.1 has? */
export const isEmbedded = redisUrl === undefined;

export const token = "test-token";

/** A server with an empty database that ends with the test; `send` and friends speak plain HTTP to it. */
export async function startServer(options: Partial<RedisRestServerOptions> = {}) {
  const backend = redisUrl === undefined ? await createEngine() : createTcpBackend({ url: redisUrl });
  const server = await createRedisRestServer({ backend, token, faults: true, ...options });
  onTestFinished(() => server.close());

  const request = (
    path: string,
    { headers, ...init }: Omit<RequestInit, "headers"> & { headers?: Record<string, string> } = {},
  ) =>
    fetch(`${server.url}${path}`, {
      method: "POST",
      ...init,
      headers: { Authorization: `Bearer ${token}`, ...headers },
    });

  /** Status and JSON of one request. */
  async function json(path: string, init?: Parameters<typeof request>[1]): Promise<{ status: number; body: unknown }> {
    const response = await request(path, init);
    return { status: response.status, body: await response.json() };
  }

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    json(path, { body: JSON.stringify(body), headers });

  /** The result of one command; throws its error. */
  async function run(...command: unknown[]): Promise<unknown> {
    const { body } = await post("/", command);
    const { result, error } = body as { result?: unknown; error?: string };
    if (error !== undefined) throw new Error(error);
    return result;
  }

  if (!isEmbedded) await run("FLUSHALL");
  if (!isEmbedded) await run("SCRIPT", "FLUSH");
  server.resetCounters();
  return { ...server, request, json, post, run };
}
