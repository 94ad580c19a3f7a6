export { createWorker, type Worker, type WorkerOptions } from "./create-worker.ts";
export {
  type Feature,
  type FeatureDuty,
  type Feed,
  feature,
  type JobWork,
  type Order,
} from "./feature.ts";
export { checkFeatures, commandBodies, indexFeatures } from "./feature-index.ts";
export type { Invocation } from "./invocation.ts";
export type { Trace } from "./trace.ts";
export type { WorkerContext } from "./worker-context.ts";
