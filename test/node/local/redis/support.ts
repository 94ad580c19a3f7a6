import { type ClientRequestArgs, request } from "node:http";
import { onTestFinished } from "vitest";
import type { Backend } from "../../../../local/redis/backend.ts";
import {
  type Counters,
  createEngine,
  createRedisRestServer,
  createTcpBackend,
  type Fault,
  type RedisRestServerOptions,
} from "../../../../local/redis/index.ts";
import { createRespClient } from "../../../../local/redis/resp/client.ts";
import { encodeCommand } from "../../../../local/redis/resp/encode.ts";

export const token = "a-token-for-tests";

/** Returns the embedded engine, or the Redis of `REDIS_URL` with the data that the test has written. */
export async function connectTestBackend(): Promise<Backend> {
  const url = process.env.REDIS_URL;
  return url ? inDatabaseOfThisWorker(createTcpBackend({ url })) : createEngine();
}

/** Returns an empty database: the embedded engine, or the Redis of `REDIS_URL`. */
export async function createTestBackend(): Promise<Backend> {
  const backend = await connectTestBackend();
  const client = createRespClient(backend);
  await client.send([["FLUSHDB"]]);
  client.close();
  return backend;
}

/** Test files run in parallel: on one Redis, each worker uses one of the 16 databases. */
function inDatabaseOfThisWorker(backend: Backend): Backend {
  const select = encodeCommand(["SELECT", String(Number(process.env.VITEST_POOL_ID ?? 0) % 16)]);
  return {
    ...backend,
    async connect() {
      const connection = await backend.connect();
      return {
        ...connection,
        onData(listener) {
          let unread = "+OK\r\n".length;
          connection.onData((chunk) => {
            const rest = chunk.subarray(unread);
            unread = Math.max(0, unread - chunk.length);
            if (rest.length > 0) listener(rest);
          });
          connection.write(select);
        },
      };
    },
  };
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: { result?: unknown; error?: string };
}

type Method = "GET" | "POST" | "PUT" | "HEAD" | "DELETE" | "OPTIONS" | "PATCH";

/** Starts a server with an empty database, and closes it after the test. */
export async function startServer(options: Partial<RedisRestServerOptions> = {}) {
  const server = await createRedisRestServer({
    token,
    backend: options.backend ?? (await createTestBackend()),
    faults: true,
    ...options,
  });
  onTestFinished(() => server.close());

  async function fetchText(
    method: Method,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
    headers = {},
  ): Promise<Answer> {
    const response = await fetch(server.url + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...headers },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      get json() {
        return JSON.parse(text);
      },
    };
  }

  const post = (path: string, body: unknown, headers?: object) =>
    fetchText("POST", path, JSON.stringify(body), headers);

  return {
    ...server,
    fetchText,
    post,
    /** Returns the outcome of one command. */
    command: async (...command: unknown[]) => (await post("/", command)).json,
    pipeline: async (...commands: unknown[][]) =>
      JSON.parse((await post("/pipeline", commands)).text) as Answer["json"][],
    break: (...faults: Fault[]) =>
      fetchText("PUT", "/-/faults", JSON.stringify(faults), { "Content-Type": "application/json" }),
    mend: () => fetchText("DELETE", "/-/faults"),
    /** Returns the requests and commands that `operation` costs. */
    async cost(operation: () => Promise<unknown>): Promise<Counters> {
      await fetchText("POST", "/-/counters/reset");
      await operation();
      return JSON.parse((await fetchText("GET", "/-/counters")).text);
    },
  };
}

export type TestServer = Awaited<ReturnType<typeof startServer>>;

/** Sends a request whose path arrives as written: `fetch` normalises dots. */
export function rawRequest(
  url: string,
  options: Omit<ClientRequestArgs, "headers"> & { headers?: Record<string, string> },
  body?: Uint8Array,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        ...options,
        headers: {
          ...(options.headers ?? { Authorization: `Bearer ${token}` }),
          "Content-Length": body?.length ?? 0,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Polls `look` and returns its first truthy value. Rejects after five seconds. */
export async function eventually<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (const deadline = Date.now() + 5_000; Date.now() < deadline; ) {
    const value = await look();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("It did not happen within 5 s.");
}

/** Opens a stream of server-sent events and collects its lines. Ends with the test. */
export async function openEvents(server: Pick<TestServer, "url">, path: string, init: RequestInit = {}) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(server.url + path, {
    method: "POST",
    body: "[]",
    headers: { Authorization: `Bearer ${token}`, Accept: "text/event-stream", "Upstash-Encoding": "base64" },
    ...init,
    signal: abort.signal,
  });
  const state = { text: "", isEnded: false };
  const pump = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) state.text += decoder.decode(chunk, { stream: true });
  };
  const pumped = pump()
    .catch(() => {})
    .then(() => (state.isEnded = true));
  return {
    response,
    state,
    lines: () => state.text.split("\n").filter((line) => line !== ""),
    close: () => abort.abort(),
    ended: pumped,
  };
}
