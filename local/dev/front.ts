import { Agent, createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createGuard } from "../redis/index.ts";

export interface FrontOptions {
  host: string;
  port: number;
  /** Resolves when the Worker is as the files are. */
  settled(): Promise<void>;
  /**
   * How long a request waits for that before the Worker of before answers it, in milliseconds.
   */
  holdMs: number;
  /** Returns the address of the present Worker, or `undefined` while there is none. */
  target(): string | undefined;
  /** Returns a sentence that says why there is no Worker. */
  reason(): string;
  /** Called with each answered request but those of the cron: `POST /interactions 200 in 8 ms`. */
  onAnswer(line: string): void;
}

/** The Worker meets any content type in production. Its cron is fired by a GET, to which no link may lead. */
const guard = createGuard({ isPage: (path) => !path.startsWith("/cdn-cgi/"), isJson: () => false });

/**
 * Serves the present Worker on one port, guarded from web pages. Returns a function that ends it.
 *
 * Wrangler and workerd listen on random ports of 127.0.0.1 besides, which cannot be turned off. A page that guesses one
 * meets the Worker as the internet does, with signatures and tokens. It can fire a tick of the cron, which is due every
 * minute anyway, by an image; wrangler refuses the rest of `/cdn-cgi/` by `Host` and `Origin`.
 */
export async function startFront(options: FrontOptions): Promise<() => Promise<void>> {
  const { host, port, settled, holdMs, target, reason, onAnswer } = options;
  const agent = new Agent({ keepAlive: true });

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    const { connection: _connection, ...headers } = request.headers;
    const { method = "GET", url: path = "/" } = request;
    await Promise.race([settled(), sleep(holdMs, undefined, { ref: false })]);
    if (response.destroyed) return;
    const url = target();
    if (url === undefined) return answerJson(response, 503, reason());
    const { hostname, port } = new URL(url);
    const sent = send({ hostname, port, agent, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.once("error", () => response.destroy());
      const ms = Math.round(performance.now() - startedAt);
      if (!path.startsWith("/cdn-cgi/")) onAnswer(`${method} ${path} ${answer.statusCode} in ${ms} ms`);
    });
    sent.once("error", ({ message }) => {
      if (response.headersSent) response.destroy();
      else answerJson(response, 502, `The Worker did not answer: ${message}`);
    });
    response.once("close", () => sent.destroy());
    request.pipe(sent);
  }

  const server = createServer((request, response) => {
    const refusal = guard(request);
    if (refusal) answerJson(response, refusal.status, refusal.reason);
    else void forward(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });

  return async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    agent.destroy();
    await closed;
  };
}

// --- Internal helpers ---

function answerJson(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify({ error }));
}
