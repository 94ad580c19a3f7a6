export type { RedisCommands } from "./commands.ts";
export {
  type CompareAndSet,
  type ConditionalCommands,
  compareAndDelete,
  compareAndSet,
  compareAndSwap,
} from "./compare-and-set.ts";
export { type ConnectionOptions, createConnection, type RedisConnection } from "./connection.ts";
export * from "./errors.ts";
export type { RedisEvent } from "./events.ts";
export type { AroundRequest, RedisMeter } from "./meter.ts";
export type { RedisProblem } from "./problem.ts";
export { createSdk } from "./sdk.ts";
export { sendAgainIfUnknown } from "./send-again.ts";
export { createRedisState, type HealthResult, type RedisState, type RedisStats } from "./state.ts";
