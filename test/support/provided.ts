declare module "vitest" {
  interface ProvidedContext {
    /** Where the Redis REST server of the tests listens. */
    redisUrl: string;
  }
}

export {};
