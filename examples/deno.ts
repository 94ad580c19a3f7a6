import { features } from "../src/bot/features.ts";
import { createWorker } from "../src/runtime/index.ts";
import { dashboard } from "../src/web/dashboard.ts";
import { createHost } from "./host.ts";

// deno run --allow-env --allow-net --allow-read examples/deno.ts

const { port, hostname, fetch, run } = createHost({ worker: createWorker({ features, dashboard }) });
const server = Deno.serve({ port, hostname, onListen: () => {} }, (request, { remoteAddr }) =>
  fetch(request, remoteAddr.hostname),
);
run(() => server.shutdown());
