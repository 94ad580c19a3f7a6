import type { IncomingMessage, ServerResponse } from "node:http";
import { byteLength, encodeReply } from "../resp/encode.ts";
import { type Reply, ReplyError, Status } from "../resp/reply.ts";
import { type Command, parseCommand, parseCommands, parsePath } from "./arguments.ts";
import { readToken } from "./auth.ts";
import { readBody } from "./body.ts";
import { serveControl } from "./control.ts";
import type { Database } from "./database.ts";
import { maxBytes, RestError, tooLarge, wrongToken } from "./errors.ts";
import type { Fault } from "./faults.ts";
import { type Format, outcomeJson, outcomesJson, outcomesResp2 } from "./format.ts";
import { type StreamKind, serveStream } from "./stream.ts";

export interface HandlerOptions {
  /** The database a token opens, or `undefined` when it opens none. */
  databaseFor(token: string): Promise<Database | undefined> | undefined;
  /** Serve `/-/faults`? */
  faults: boolean;
}

/** What a request asks for, and whether its answer is one outcome or a list. */
interface Task {
  commands: Command[];
  mode: "single" | "pipeline" | "multi-exec";
}

/** Answers every request of the REST protocol. */
export function createHandler({ databaseFor, faults }: HandlerOptions) {
  /** Upstash's sync token is opaque and moves with the data; one engine is always in sync with itself. */
  let syncToken = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "OPTIONS") return preflight(request, response);
    const token = readToken(request);
    const database = token === undefined ? undefined : await databaseFor(token);
    if (!database) throw new RestError(401, wrongToken);
    const [path, query] = splitUrl(request.url ?? "/");
    if (path.startsWith("/-/")) return serveControl(database, path, request, response, faults);
    if (!/^(GET|POST|PUT|HEAD)$/.test(request.method ?? "")) return void response.writeHead(405).end();
    const stream = /^\/(subscribe|psubscribe|monitor)(?:\/|$)/i.exec(path);
    if (stream) {
      const channels = parsePath(path, "", Buffer.alloc(0)).slice(1);
      return serveStream(database.backend, stream[1]?.toLowerCase() as StreamKind, channels, request, response);
    }
    const format = readFormat(request, path);
    const task = readTask(path, query, await readBody(request));
    await serveTask(database, task, format, response);
  }

  async function serveTask(database: Database, task: Task, format: Format, response: ServerResponse): Promise<void> {
    database.bill.countRequest();
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const fault = faults ? database.faults.take(task.commands) : undefined;
    if (fault?.at === "before" && (await strike(fault, response, gone.signal))) return;
    const replies =
      task.mode === "multi-exec"
        ? await database.transaction(task.commands)
        : await database.pipeline(task.commands, gone.signal);
    if (fault?.at === "after" && (await strike(fault, response, gone.signal))) return;
    syncToken += 1;
    write(response, replies.map(limited), task, format);
  }

  function write(response: ServerResponse, replies: Reply[], { mode }: Task, format: Format): void {
    const [first = null] = replies;
    const isFailed = mode === "single" && first instanceof ReplyError && !first.text.startsWith(limitText);
    const body = format.resp2
      ? mode === "single"
        ? encodeReply(first)
        : outcomesResp2(replies)
      : Buffer.from(mode === "single" ? outcomeJson(first, format.base64) : outcomesJson(replies, format.base64));
    response.writeHead(isFailed ? 400 : 200, {
      "Content-Type": format.resp2 ? "application/octet-stream" : "application/json",
      "Content-Length": body.length,
      "Access-Control-Allow-Origin": "*",
      "Upstash-Sync-Token": `${syncToken.toString(32).padStart(8, "0")}=`,
    });
    response.end(body);
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((error: unknown) => {
      if (response.destroyed) return;
      if (response.headersSent) return void response.destroy();
      // What is not the client's fault is the engine's: it is gone, or out of reach.
      const status = error instanceof RestError ? error.status : 503;
      const text =
        error instanceof RestError ? error.message : `ERR ${error instanceof Error ? error.message : String(error)}`;
      const body = Buffer.from(JSON.stringify({ error: text }));
      response.writeHead(status, { "Content-Type": "application/json", "Content-Length": body.length }).end(body);
    });
  };
}

// --- Internal helpers ---

const limitText = tooLarge(0).slice(0, 25);

function splitUrl(url: string): [path: string, query: string] {
  const at = url.indexOf("?");
  return at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
}

function readTask(path: string, query: string, body: Buffer): Task {
  if (path === "/") return { mode: "single", commands: [parseCommand(body)] };
  if (path === "/pipeline") return { mode: "pipeline", commands: parseCommands(body) };
  if (path === "/multi-exec") return { mode: "multi-exec", commands: parseCommands(body) };
  return { mode: "single", commands: [parsePath(path, query, body)] };
}

function readFormat({ headers }: IncomingMessage, path: string): Format {
  const base64 = headers["upstash-encoding"] === "base64";
  const wanted = headers["upstash-response-format"] ?? "json";
  // The documentation says that transactions ignore it.
  if (path === "/multi-exec") return { base64, resp2: false };
  if (wanted !== "json" && wanted !== "resp2")
    throw new RestError(400, "ERR Upstash-Response-Format must be json or resp2");
  if (wanted === "resp2" && base64) throw new RestError(400, "ERR resp2 answers cannot be base64-encoded");
  return { base64, resp2: wanted === "resp2" };
}

/** A result above the limit is an error in its place, with HTTP 200. */
function limited(reply: Reply): Reply {
  const size = sizeOf(reply);
  return size > maxBytes ? new ReplyError(tooLarge(size)) : reply;
}

function sizeOf(reply: Reply): number {
  if (reply instanceof Uint8Array) return reply.length;
  if (Array.isArray(reply)) return reply.reduce((sum: number, item) => sum + sizeOf(item), 0);
  return reply instanceof Status || reply instanceof ReplyError ? byteLength(reply.text) : 8;
}

/** Does what the fault says; true when the request is over with it. */
async function strike(fault: Fault, response: ServerResponse, gone: AbortSignal): Promise<boolean> {
  if (fault.do === "drop") {
    response.destroy();
    return true;
  }
  if (fault.do === "status") throw new RestError(fault.status ?? 503, "ERR a fault that was asked for");
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, fault.ms ?? 1_000);
    gone.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return false;
}

function preflight(request: IncomingMessage, response: ServerResponse): void {
  response
    .writeHead(200, {
      "Access-Control-Allow-Origin": request.headers.origin ?? "*",
      "Access-Control-Allow-Methods": "GET, POST, PUT, HEAD, OPTIONS",
      "Access-Control-Allow-Headers": request.headers["access-control-request-headers"] ?? "*",
      "Access-Control-Max-Age": "86400",
    })
    .end();
}
