import type { RedisConnection } from "../../src/redis/index.ts";

/** Returns what a connection offers as values that a test can take apart. */
export const partsOf = (connection: RedisConnection): RedisConnection => ({
  commands: connection.commands,
  submit: connection.submit,
  within: (timeoutMs) => connection.within(timeoutMs),
  billedTo: (cause) => connection.billedTo(cause),
  execute: (task, borrowMs) => connection.execute(task, borrowMs),
  health: (maxAgeMs) => connection.health(maxAgeMs),
  stats: () => connection.stats(),
  close: () => connection.close(),
});
