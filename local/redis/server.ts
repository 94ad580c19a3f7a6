import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Backend } from "./backend.ts";
import { listenProblem } from "./listen-problem.ts";
import { createTokenCheck } from "./rest/auth.ts";
import type { Counters } from "./rest/bill.ts";
import { openDatabase } from "./rest/database.ts";
import type { Fault } from "./rest/faults.ts";
import { type Access, createHandler, type RequestEvent, type Stall } from "./rest/handler.ts";

export interface RedisRestServerOptions {
  /** The token that clients must send. */
  token: string;
  /** A token for reading: it allows neither writes nor SCAN and KEYS. Default: none. */
  readOnlyToken?: string;
  /** The engine to serve. The server closes it, even when the server cannot start. */
  backend: Backend;
  /**
   * Returns the backend of a further token, which is a further database, as at Upstash; `undefined` for a wrong token.
   * Called at the first use of a token. For tests that each need an empty database. Default: no further databases.
   */
  databases?: (token: string) => Promise<Backend> | undefined;
  /** Default: `127.0.0.1`. */
  host?: string;
  /** 0 is any free port. Default: 0. */
  port?: number;
  /** Whether to serve `/-/faults`, with which a client makes requests fail. Default: false. */
  faults?: boolean;
  /** Waits while a fault stalls a request, for a server whose time a test moves. Default: by the machine's time. */
  stall?: Stall;
  /** Called with a sentence when an engine crashes. Default: nothing is logged. */
  log?: (line: string) => void;
  /** Called at the end of every request. */
  onRequest?: (event: RequestEvent) => void;
}

export interface RedisRestServer {
  readonly url: string;
  readonly port: number;
  /** Returns the counters of the database of `token`; `GET /-/counters` returns those of any token. */
  counters(): Counters;
  /** Makes requests with `token` fail from now on, in place of the faults set before. Needs the option `faults`. */
  setFaults(faults: readonly Fault[]): void;
  /**
   * Runs one command in the database of `token`, without billing it, and returns the engine's reply: texts as `Buffer`. The
   * reply of a failed one is an `Error`.
   */
  peek(...command: readonly (string | number)[]): Promise<unknown>;
  /** Sets the counters of the database of `token` to zero. */
  resetCounters(): void;
  /** Ends requests, streams and engines, and frees the port. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Serves Upstash's REST protocol in front of an engine. Rejects with a sentence that says what to do when the engine
 * cannot be reached or the port is taken.
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
  stall,
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
  // Awaited below. Until then, Node must not report a failure as unhandled.
  main.catch(() => {});

  function open(given: string): Promise<Access> | undefined {
    if (isToken(given)) return main;
    if (isReadOnlyToken(given)) return main.then(({ database }) => ({ database, isReadOnly: true }));
    const known = opened.get(given);
    if (known) return known;
    const opening = databases(given)?.then(access);
    if (!opening) return undefined;
    opened.set(given, opening);
    // The next request tries again to open a database that failed to open.
    opening.catch(() => opened.delete(given));
    return opening;
  }

  const handler = createHandler({ open, hasFaults: faults, onRequest, stall });
  const server = createServer({ keepAliveTimeout: 60_000 }, handler);
  let closed: Promise<void> | undefined;

  async function end(): Promise<void> {
    const freed = new Promise<void>((resolve) => server.close(() => resolve()));
    // One that could not be opened has nothing to close.
    const closing = [main, ...opened.values()].map((one) =>
      one.then(
        ({ database }) => database.close(),
        () => {},
      ),
    );
    await Promise.all(closing);
    server.closeAllConnections();
    return freed;
  }

  const close = () => (closed ??= end());
  try {
    // The port first: an engine in a thread does not keep the process alive while it starts.
    const boundPort = await listen(server, host, port);
    const { bill, faults: armed, peek } = (await main).database;
    return {
      url: `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}`,
      port: boundPort,
      counters: bill.counters,
      resetCounters: bill.reset,
      setFaults: armed.set,
      peek: (...command) => peek(command.map(String)),
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
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenProblem(error, host, port)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
