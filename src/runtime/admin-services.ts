import { createCooldownStore } from "../discord-redis/index.ts";
import { entityKinds } from "../entities/index.ts";
import type { AdminServices } from "../web/index.ts";
import { explainFailure } from "./failures.ts";
import type { FeatureIndex } from "./feature-index.ts";
import type { Invocation } from "./invocation.ts";

/** Returns what the pages and actions under `/admin` use of a request's services. Cost: 0 commands. */
export function adminServicesOf(services: Invocation, features: FeatureIndex): AdminServices {
  const { config, clock, isolate, left } = services;
  const redis = () => services.redis.commands;
  return {
    adminToken: config.adminToken ?? "",
    prefix: config.keyPrefix,
    clock,
    left,
    kinds: entityKinds,
    explain: explainFailure,
    cooldowns: createCooldownStore({ state: isolate.cooldowns, redis, prefix: config.keyPrefix, clock }),
    get redis() {
      return redis();
    },
    get sessions() {
      return services.sessions;
    },
    get jobs() {
      return services.jobs;
    },
    get cache() {
      return services.cache;
    },
    get pubsub() {
      return services.pubsub;
    },
    get groups() {
      return new Map(
        [...features.feeds.values()].map((feed) => feed.open(services)).map((group) => [group.name, group]),
      );
    },
    status: async () => (await services.fleet()).status,
  };
}
