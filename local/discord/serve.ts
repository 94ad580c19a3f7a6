import type { AddressInfo } from "node:net";
import { type HttpBindings, serve as listen } from "@hono/node-server";
import type { Hono } from "hono";
import { createGuard, listenProblem } from "../redis/index.ts";
import type { Served } from "./simulator.ts";

/** Discord's REST API has its own rule for content types; it and the playground take multipart bodies. */
const takesForms = (path: string): boolean => path.startsWith("/api/") || path === "/playground/api/act";
const guard = createGuard({ isPage: () => true, isJson: (path) => !takesForms(path) });

/** Serves an app over HTTP, guarded from web pages; port 0 is any free port. Rejects with a sentence when the port is taken. */
export function serve(app: Hono, { host, port }: { host: string; port: number }): Promise<Served> {
  function fetch(request: Request, env: unknown): Response | Promise<Response> {
    const refusal = guard((env as HttpBindings).incoming);
    if (refusal) return Response.json({ error: refusal.reason }, { status: refusal.status });
    return app.fetch(request);
  }

  return new Promise((resolve, reject) => {
    const server = listen({ fetch, hostname: host, port }, (address: AddressInfo) =>
      resolve({
        url: `http://${host}:${address.port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      }),
    );
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenProblem(error, host, port)));
  });
}
