/** An error of the cache itself, as opposed to one of the fetcher. `code` is stable; messages name the key, never the value. */
export abstract class CacheError extends Error {
  abstract readonly code: string;
}

/** Thrown for a kind that cannot work, and for a second kind of the same name. */
export class CacheKindError extends CacheError {
  readonly code = "E_CACHE_KIND";
  override readonly name = "CacheKindError";
  constructor(kind: string, problem: string) {
    super(`The cache kind "${kind}" ${problem}`);
  }
}

/** Thrown when the fetcher takes longer than its hard timeout and there is no older copy to serve. */
export class CacheTimeoutError extends CacheError {
  readonly code = "E_CACHE_FETCH_TIMEOUT";
  override readonly name = "CacheTimeoutError";
  constructor(key: string, timeoutMs: number) {
    super(`The fetcher of "${key}" did not answer within ${timeoutMs} ms`);
  }
}

/** Thrown when the fetcher failed less than `failureMs` ago, in this isolate or another. The fetcher is not called. */
export class CacheFetchFailedError extends CacheError {
  readonly code = "E_CACHE_FETCH_FAILED";
  override readonly name = "CacheFetchFailedError";
  constructor(key: string, reason: string) {
    super(`The fetcher of "${key}" failed a moment ago: ${reason}`);
  }
}

/** Thrown when Redis does not answer and the isolate already runs as many fetches without it as it may. */
export class CacheBusyError extends CacheError {
  readonly code = "E_CACHE_BUSY";
  override readonly name = "CacheBusyError";
  constructor(key: string, options?: ErrorOptions) {
    super(`Redis does not answer, and too many fetches are running without it to fetch "${key}" as well`, options);
  }
}
