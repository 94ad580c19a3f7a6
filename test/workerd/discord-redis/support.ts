import {
  createAnswerStore,
  createCooldownState,
  createCooldownStore,
  createEventStore,
} from "../../../src/discord-redis/index.ts";
import type { Clock } from "../../../src/platform/index.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { createDatabase } from "../../support/database.ts";

/** Isolates on one empty database: each store that is opened has its own memory and connection. */
export function createStores(database = createDatabase()) {
  const connect = () => {
    const { commands } = createConnection({
      url: database.url,
      token: database.token,
      state: createRedisState(),
      timeoutMs: 2_000,
      fetch: database.fetch,
      clock: database.clock,
    });
    return () => commands;
  };
  return {
    database,
    answers: () => createAnswerStore({ redis: connect(), prefix: "t:" }),
    events: () => createEventStore({ redis: connect(), prefix: "t:" }),
    cooldowns: (clock: Pick<Clock, "now">, state = createCooldownState()) =>
      createCooldownStore({ state, redis: connect(), prefix: "t:", clock }),
  };
}
