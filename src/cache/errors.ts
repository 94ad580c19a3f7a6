/** What a cache throws besides what the fetcher throws. `code` is stable; messages name the key, never the value. */
export abstract class CacheError extends Error {
  abstract readonly code: string;
}

/** The fetcher took longer than its hard timeout, and there was no older copy to serve. */
export class CacheTimeoutError extends CacheError {
  readonly code = "E_CACHE_FETCH_TIMEOUT";
  override readonly name = "CacheTimeoutError";
  constructor(key: string, timeoutMs: number) {
    super(`The fetcher of "${key}" did not answer within ${timeoutMs} ms`);
  }
}

/** The fetcher failed a moment ago, here or in another isolate, and is left alone until then. */
export class CacheFetchFailedError extends CacheError {
  readonly code = "E_CACHE_FETCH_FAILED";
  override readonly name = "CacheFetchFailedError";
  constructor(key: string, reason: string) {
    super(`The fetcher of "${key}" failed a moment ago: ${reason}`);
  }
}

/** Redis is away, and as many fetches go on without it as may. */
export class CacheBusyError extends CacheError {
  readonly code = "E_CACHE_BUSY";
  override readonly name = "CacheBusyError";
  constructor(key: string, options?: ErrorOptions) {
    super(`Redis is away and too much is being fetched without it to fetch "${key}" too`, options);
  }
}
