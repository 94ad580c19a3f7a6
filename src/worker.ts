import { features } from "./bot/features.ts";
import { createWorker } from "./runtime/index.ts";

export default createWorker({ features });
