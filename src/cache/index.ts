export { type Cache, type CacheOptions, createCache } from "./cache.ts";
export type { Entry } from "./entry.ts";
export type { Serializer } from "./envelope.ts";
export { CacheBusyError, CacheError, CacheFetchFailedError, CacheTimeoutError } from "./errors.ts";
export type { CacheEvent, Invalidation, InvalidationBus } from "./events.ts";
export { type CacheState, type CacheStats, createCacheState, hitRate } from "./l1.ts";
export type { Fetcher } from "./loader.ts";
export type { Namespace, NamespaceOptions } from "./namespace.ts";
