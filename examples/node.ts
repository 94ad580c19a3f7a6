import { type Http2Bindings, type HttpBindings, serve } from "@hono/node-server";
import { features } from "../src/bot/features.ts";
import { createWorker } from "../src/runtime/index.ts";
import { createHost } from "./host.ts";
import "./tsx.ts";

// node examples/node.ts

// Later than the imports above, which teach Node to read its pages.
const { dashboard } = await import("../src/web/dashboard.ts");
const { port, hostname, fetch, run, fail } = createHost({ worker: createWorker({ features, dashboard }) });
const answer = (request: Request, { incoming }: HttpBindings | Http2Bindings) =>
  fetch(request, incoming.socket.remoteAddress);
const server = serve({ port, hostname, fetch: answer }, () => {
  run(() => new Promise((resolve) => server.close(resolve)));
});
server.once("error", fail);
