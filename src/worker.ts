import { features } from "./bot/features.ts";
import { createWorker } from "./runtime/index.ts";
import { trace } from "./tracing/index.ts";

export default createWorker({ features, trace });
