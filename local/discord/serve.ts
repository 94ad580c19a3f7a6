import type { AddressInfo } from "node:net";
import { serve as listen } from "@hono/node-server";
import type { Hono } from "hono";
import type { Served } from "./simulator.ts";

/** Serves an app over HTTP; port 0 is any free port. Rejects with a sentence when the port is taken. */
export function serve(app: Hono, { host, port }: { host: string; port: number }): Promise<Served> {
  return new Promise((resolve, reject) => {
    const server = listen({ fetch: app.fetch, hostname: host, port }, (address: AddressInfo) =>
      resolve({
        url: `http://${host}:${address.port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      }),
    );
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} on ${host} is taken. Stop the program that uses it, or choose another port.`, {
              cause: error,
            })
          : error,
      ),
    );
  });
}
