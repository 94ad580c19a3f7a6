import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Backend } from "./backend.ts";
import { createTokenCheck } from "./rest/auth.ts";
import type { Counters } from "./rest/bill.ts";
import { openDatabase } from "./rest/database.ts";
import { type Access, createHandler, type RequestEvent } from "./rest/handler.ts";

export interface RedisRestServerOptions {
  /** Opens the database. */
  token: string;
  /** Opens it for reading only: no writes, and no SCAN or KEYS. */
  readOnlyToken?: string;
  /** What to serve. The server closes it, also when it cannot start. */
  backend: Backend;
  /**
   * As at Upstash, a token is a database: a backend for each further token, opened when it is first used, or `undefined`
   * for a token that opens nothing. For tests that want an empty database each.
   */
  databases?: (token: string) => Promise<Backend> | undefined;
  host?: string;
  /** 0: any free port. */
  port?: number;
  /** Serve `/-/faults`, with which a client breaks its own connection. */
  faults?: boolean;
  /** Told, in a sentence, when an engine dies. */
  log?: (line: string) => void;
  /** Told of every request when it is over. */
  onRequest?: (event: RequestEvent) => void;
}

export interface RedisRestServer {
  readonly url: string;
  readonly port: number;
  /** Of the database behind `token`; the others tell theirs at `GET /-/counters`. */
  counters(): Counters;
  resetCounters(): void;
  /** Ends requests, streams and engines, and frees the port. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Serves Upstash's REST protocol in front of an engine. Rejects with a sentence that says what to do when the engine cannot
 * be reached or the port is taken.
 *
 * @example
 * const server = await createRedisRestServer({ token: "secret", backend: await createEngine() });
 * const redis = new Redis({ url: server.url, token: "secret" });
 */
export async function createRedisRestServer({
  token,
  readOnlyToken,
  backend,
  databases = () => undefined,
  host = "127.0.0.1",
  port = 0,
  faults = false,
  log = () => {},
  onRequest,
}: RedisRestServerOptions): Promise<RedisRestServer> {
  const opened = new Map<string, Promise<Access>>();
  const isToken = createTokenCheck(token);
  const isReadOnlyToken = readOnlyToken === undefined ? () => false : createTokenCheck(readOnlyToken);

  async function access(backend: Backend): Promise<Access> {
    backend.onCrash((reason) => log(reason.message));
    try {
      return { database: await openDatabase(backend), isReadOnly: false };
    } catch (cause) {
      await backend.close();
      throw cause;
    }
  }

  const main = access(backend);
  // Awaited below; until then a failure must not pass for one that nobody handles.
  main.catch(() => {});

  function open(given: string): Promise<Access> | undefined {
    if (isToken(given)) return main;
    if (isReadOnlyToken(given)) return main.then(({ database }) => ({ database, isReadOnly: true }));
    const known = opened.get(given);
    if (known) return known;
    const opening = databases(given)?.then(access);
    if (!opening) return undefined;
    opened.set(given, opening);
    // One that could not be opened is tried again by the next request.
    opening.catch(() => opened.delete(given));
    return opening;
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, createHandler({ open, hasFaults: faults, onRequest }));
  let closed: Promise<void> | undefined;

  async function end(): Promise<void> {
    const freed = new Promise((resolve) => server.close(resolve));
    const accesses = await Promise.allSettled([main, ...opened.values()]);
    for (const one of accesses) {
      if (one.status === "fulfilled") await one.value.database.close();
    }
    server.closeAllConnections();
    await freed;
  }

  const close = () => (closed ??= end());
  try {
    // The port first: an engine in a thread does not keep the process alive while it is asked what it can do.
    const boundPort = await listen(server, host, port);
    const { bill } = (await main).database;
    return {
      url: `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}`,
      port: boundPort,
      counters: bill.counters,
      resetCounters: bill.reset,
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

// --- Internal helpers ---

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explained(error, host, port)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function explained(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case "EADDRINUSE":
      return new Error(`Port ${port} on ${host} is taken. Stop what uses it, or choose another port.`, {
        cause: error,
      });
    case "EACCES":
      return new Error(`Port ${port} needs rights this process lacks. Choose one above 1023.`, { cause: error });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new Error(`${host} is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all.`, { cause: error });
    default:
      return error;
  }
}
