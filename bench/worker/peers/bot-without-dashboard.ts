import { features } from "../../../src/bot/features.ts";
import { createWorker } from "../../../src/runtime/index.ts";
import { trace } from "../../../src/tracing/index.ts";

// `src/worker.ts` without its line for the dashboard.

export default createWorker({ features, trace });
