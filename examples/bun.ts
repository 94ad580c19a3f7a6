import { features } from "../src/bot/features.ts";
import { createWorker } from "../src/runtime/index.ts";
import { dashboard } from "../src/web/dashboard.ts";
import { createHost } from "./host.ts";

// bun examples/bun.ts

const { port, hostname, fetch, run } = createHost({ worker: createWorker({ features, dashboard }) });
// Streams of events are silent for up to 15 seconds, and Bun would cut them off after 10.
const server = Bun.serve({
  port,
  hostname,
  fetch: (request, bun) => fetch(request, bun.requestIP(request)?.address),
  idleTimeout: 60,
});
run(() => server.stop());
