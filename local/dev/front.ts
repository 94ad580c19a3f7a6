import { Agent, createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import { createGuard } from "../redis/index.ts";

export interface FrontOptions {
  host: string;
  port: number;
  /** The address of `wrangler dev`. */
  target: string;
}

/** The Worker meets any content type in production. Its cron is fired by a GET, to which no link may lead. */
const guard = createGuard({ isPage: (path) => !path.startsWith("/cdn-cgi/"), isJson: () => false });

/**
 * Serves the Worker of `wrangler dev` on its port, guarded from web pages. Returns a function that ends it.
 *
 * Wrangler and workerd listen on random ports of 127.0.0.1 besides, which cannot be turned off. A page that guesses one
 * meets the Worker as the internet does, with signatures and tokens. It can fire a tick of the cron, which is due every
 * minute anyway, by an image; wrangler refuses the rest of `/cdn-cgi/` by `Host` and `Origin`.
 */
export async function startFront({ host, port, target }: FrontOptions): Promise<() => Promise<void>> {
  const agent = new Agent({ keepAlive: true });

  function forward(request: IncomingMessage, response: ServerResponse): void {
    const { connection: _connection, ...headers } = request.headers;
    const { method = "GET", url: path = "/" } = request;
    const { hostname, port } = new URL(target);
    const sent = send({ hostname, port, agent, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.once("error", () => response.destroy());
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
    else forward(request, response);
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
