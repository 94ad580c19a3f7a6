import { serve } from "@hono/node-server";
import { features } from "../src/bot/features.ts";
import { createWorker } from "../src/runtime/index.ts";
import { createHost } from "./host.ts";

// node examples/node.ts

const { port, hostname, fetch, run } = createHost({ worker: createWorker({ features }) });
const server = serve({ port, hostname, fetch }, () => {
  run(() => new Promise((resolve) => server.close(resolve)));
});
