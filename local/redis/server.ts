import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Backend } from "./backend.ts";
import { createTokenCheck } from "./rest/auth.ts";
import type { Counters } from "./rest/bill.ts";
import { type Database, openDatabase } from "./rest/database.ts";
import { createHandler } from "./rest/handler.ts";

export interface RedisRestServerOptions {
  /** Opens the database behind `token`. */
  backend: Backend;
  token: string;
  host?: string;
  /** 0: any free port. */
  port?: number;
  /**
   * As at Upstash, a token is a database: further ones, each opened when its token is first used. For tests that want an
   * empty database each.
   */
  databases?: (token: string) => Promise<Backend> | undefined;
  /** Serve `/-/faults`, with which a client breaks its own connection. */
  faults?: boolean;
}

export interface RedisRestServer {
  readonly url: string;
  readonly port: number;
  /** Of the database behind `token`. */
  counters(): Counters;
  resetCounters(): void;
  /** Ends every request, stream and engine, and frees the port. */
  close(): Promise<void>;
}

/** Serves Upstash's REST protocol in front of an engine. Rejects with a sentence when the port is taken. */
export async function createRedisRestServer({
  backend,
  token,
  host = "127.0.0.1",
  port = 0,
  databases = () => undefined,
  faults = false,
}: RedisRestServerOptions): Promise<RedisRestServer> {
  const isToken = createTokenCheck(token);
  const main = await openDatabase(backend);
  const others = new Map<string, Promise<Database>>();

  function databaseFor(given: string): Promise<Database | undefined> | undefined {
    if (isToken(given)) return Promise.resolve(main);
    const known = others.get(given);
    if (known) return known;
    const opened = databases(given)?.then(openDatabase);
    if (opened) others.set(given, opened);
    return opened;
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, createHandler({ databaseFor, faults }));
  // Requests to a hosted database may take as long as a blocking command waits.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      void main.close();
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} on ${host} is taken. Stop what uses it, or choose another port.`)
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;

  return {
    url: `http://${host}:${address.port}`,
    port: address.port,
    counters: main.bill.counters,
    resetCounters: main.bill.reset,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      const databases = [main, ...(await Promise.all(others.values()))];
      await Promise.all(databases.map((database) => database.close()));
      await closed;
    },
  };
}
