import type { Application } from "../../../../local/deployment/application.ts";
import type { HealthReading } from "../../../../local/deployment/health.ts";
import type { Facts } from "../../../../local/doctor/facts.ts";
import type { DiscordRest } from "../../../../src/discord/index.ts";
import type { RedisConnection } from "../../../../src/redis/index.ts";
import { applicationId, createFolder, settingsOf } from "../deployment/support.ts";

export interface Known {
  root?: string;
  env?: Record<string, string>;
  application?: object;
  workerUrl?: string;
  health?: HealthReading;
  rest?: DiscordRest;
  redis?: RedisConnection;
  waitMs?: number;
}

/** Returns facts that are known; to ask for another one fails. */
export function factsOf({
  root,
  env = {},
  application,
  workerUrl,
  health,
  rest,
  redis,
  waitMs = 0,
}: Known = {}): Facts {
  const known = <T>(name: string, fact: T | undefined): T => {
    if (fact === undefined) throw new Error(`The test knows no ${name}.`);
    return fact;
  };
  return {
    root: root ?? createFolder(),
    settings: settingsOf(env),
    waitMs,
    rest: () => known("rest", rest),
    redis: () => known("redis", redis),
    application: async () =>
      ({
        id: applicationId,
        name: "Sandpiper",
        verify_key: "ab".repeat(32),
        flags: 0,
        ...application,
      }) as unknown as Application,
    workerUrl: async () => workerUrl,
    health: async () => health,
  };
}

/** Returns what a Worker says that is well, but for what is given. */
export const healthOf = (given: object = {}, receivedAt = Date.now()): HealthReading => ({
  is: "read",
  health: { ok: true, ...given },
  receivedAt,
});
