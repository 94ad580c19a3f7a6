import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createGuard } from "../guard.ts";
import { answerTo, answerToFailure, send, syncTokenHeader } from "./answer.ts";
import type { Command } from "./arguments.ts";
import { readToken } from "./auth.ts";
import { readBody } from "./body.ts";
import { control } from "./control.ts";
import type { Database } from "./database.ts";
import { RestError, wrongToken } from "./errors.ts";
import { serveEvents } from "./events.ts";
import type { Fault } from "./faults.ts";
import { readOnlyRefusal } from "./read-only.ts";
import { readStreamCommand, readTask, splitUrl } from "./task.ts";

/** A database, and whether the token may only read it. */
export interface Access {
  database: Database;
  isReadOnly: boolean;
}

/** A finished request. */
export interface RequestEvent {
  method: string;
  /** Without the query, which may contain the token. */
  path: string;
  /** The HTTP status; 0 when the connection closed without an answer. */
  status: number;
  ms: number;
  /** The header `X-Sandpiper-Exchange`, by which a local Worker says what a request is for. */
  exchange: string | undefined;
  /** Empty for a request that was refused before its commands were read. */
  commands: readonly Command[];
  /** How many commands were billed for it: each of a pipeline, and each call inside a script. */
  billed: number;
}

export interface HandlerOptions {
  /** Returns the database of a token, or `undefined` for a wrong token. */
  open(token: string): Promise<Access> | undefined;
  /** Whether to serve `/-/faults`. */
  hasFaults: boolean;
  onRequest?: ((event: RequestEvent) => void) | undefined;
  /** Waits while a fault stalls a request. Default: by the machine's time. */
  stall?: Stall | undefined;
}

/** `gone` aborts when the client closes its connection, or the server ends. A request without a client ends with it. */
export type Stall = (ms: number, gone: AbortSignal) => Promise<void>;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  database: Database;
  isReadOnly: boolean;
  path: string;
  query: string;
  tally: Tally;
}

/** What one request asked for, and what is billed for it. */
interface Tally {
  commands: readonly Command[];
  billed: number;
}

/** Upstash takes a command under any content type, and so do clients send it; each request needs the token. */
const guard = createGuard({ isJson: (path) => path.startsWith("/-/") });

/** Returns Upstash's REST protocol as a listener for `node:http`. Every request needs the token. */
export function createHandler({ open, hasFaults, onRequest, stall }: HandlerOptions): RequestListener {
  async function authorize(request: IncomingMessage): Promise<Access> {
    const token = readToken(request);
    const access = token === undefined ? undefined : await open(token);
    if (!access) throw new RestError(401, wrongToken);
    return access;
  }

  async function serve(exchange: Exchange): Promise<void> {
    const { request, response, database, path, query, tally } = exchange;
    const { method = "" } = request;
    if (path.startsWith("/-/")) {
      const body = control(database, { method, path, body: await readBody(request), hasFaults });
      return send(response, { status: 200, type: "application/json", body }, []);
    }
    database.bill.countRequest();
    if (!/^(GET|POST|PUT|HEAD)$/.test(method)) return void response.writeHead(405, { "Content-Length": 0 }).end();
    const stream = readStreamCommand(path);
    if (stream) return serveStream(exchange, stream);

    const task = readTask(request, path, query, await readBody(request));
    tally.commands = task.commands;
    const counter = { countCommand: (_name: string, times = 1) => void (tally.billed += times) };
    if (exchange.isReadOnly) readOnly(task.commands, await database.readCommands());
    if (await strike(exchange, "before", task.commands)) return;
    const replies =
      task.mode === "multi-exec"
        ? await database.transaction(task.commands, counter)
        : await database.pipeline(task.commands, (listener) => whenClosed(response, listener), counter);
    if (await strike(exchange, "after", task.commands)) return;
    send(response, answerTo(task, replies), headersFor(exchange));
  }

  async function serveStream(exchange: Exchange, command: Command): Promise<void> {
    const { database, response, isReadOnly } = exchange;
    // MONITOR shows the writes of all clients; receiving messages counts as reading.
    if (isReadOnly && command[0] === "MONITOR") readOnly([command], new Set());
    if (await strike(exchange, "before", [command])) return;
    await serveEvents(database.backend, response, { command, headers: headersFor(exchange) });
    database.bill.countCommand(command[0]);
  }

  /** Applies the fault for a request, if any. Returns whether the request ends with it. */
  async function strike(
    { database: { faults, closing }, response }: Exchange,
    at: Fault["at"],
    commands: readonly Command[],
  ): Promise<boolean> {
    const fault = hasFaults ? faults.take(at, commands) : undefined;
    if (!fault) return false;
    if (fault.do === "status") throw new RestError(fault.status ?? 503, "ERR this fault was asked for");
    if (fault.do === "drop") {
      response.destroy();
      return true;
    }
    const { ms = 1_000 } = fault;
    if (!stall) {
      await sleep(ms, undefined, { signal: closing, ref: false });
      return false;
    }
    const left = new AbortController();
    whenClosed(response, () => left.abort());
    await stall(ms, AbortSignal.any([closing, left.signal]));
    return left.signal.aborted;
  }

  return function serveRest(request, response) {
    const [path, query] = splitUrl(request.url ?? "/");
    const tally: Tally = { commands: [], billed: 0 };
    if (onRequest) observe(request, response, { path, tally, onRequest });
    const refusal = guard(request);
    if (refusal) return send(response, answerToFailure(new RestError(refusal.status, `ERR ${refusal.reason}`)), []);
    let exchange: Exchange | undefined;
    authorize(request)
      .then((access) => {
        exchange = { request, response, path, query, tally, ...access };
        return serve(exchange);
      })
      // Nothing fails once the head of an answer is written.
      .catch((cause: unknown) => send(response, answerToFailure(cause), exchange ? headersFor(exchange) : []));
  };
}

// --- Internal helpers ---

const headersFor = ({ database }: Exchange): string[] => [syncTokenHeader, database.syncToken()];

function readOnly(commands: readonly Command[], reads: ReadonlySet<string>): void {
  const refusal = readOnlyRefusal(commands, reads);
  if (refusal) throw new RestError(400, refusal.text);
}

function whenClosed(response: ServerResponse, listener: () => void): void {
  if (response.closed) listener();
  else response.once("close", listener);
}

function observe(
  request: IncomingMessage,
  response: ServerResponse,
  { path, tally, onRequest }: { path: string; tally: Tally; onRequest: (event: RequestEvent) => void },
): void {
  const startedAt = performance.now();
  response.once("close", () => {
    const status = response.headersSent ? response.statusCode : 0;
    const { method = "", headers } = request;
    const exchange = headers["x-sandpiper-exchange"]?.toString();
    onRequest({ method, path, status, ms: performance.now() - startedAt, exchange, ...tally });
  });
}
