export type { Backend, Connection } from "./backend.ts";
export { createEngine } from "./engine/engine.ts";
export { compileEngine } from "./engine/module.ts";
export { createTcpBackend } from "./engine/tcp.ts";
export { createEngineThread } from "./engine/thread.ts";
export type { Counters } from "./rest/bill.ts";
export type { Fault } from "./rest/faults.ts";
export type { RequestEvent } from "./rest/handler.ts";
export { createRedisRestServer, type RedisRestServer, type RedisRestServerOptions } from "./server.ts";
