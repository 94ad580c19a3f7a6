export type { RedisControl } from "./controls.ts";
export { createPlayground, type Playground, type PlaygroundOptions } from "./create-playground.ts";
export { createRedisControl, type RedisControlOptions } from "./redis-control.ts";
export { createWorldClock, type WorldClock } from "./world-clock.ts";
