import { features } from "./bot/features.ts";
import { createWorker } from "./runtime/index.ts";
import { trace } from "./tracing/index.ts";
import { dashboard } from "./web/dashboard.ts";

export default createWorker({ features, trace, dashboard });
