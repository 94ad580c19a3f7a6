import type { ExecutionContext } from "hono";
import type { Cache } from "../cache/index.ts";
import type { CooldownStore } from "../discord/index.ts";
import type { Jobs } from "../jobs/index.ts";
import type { Clock } from "../platform/index.ts";
import type { Group, Pubsub } from "../pubsub/index.ts";
import type { RedisCommands } from "../redis/index.ts";
import type { Sessions } from "../sessions/index.ts";
import type { FleetStatus } from "./status/fleet-status.ts";

/** The parts of one request that the pages and actions under `/admin` use. */
export interface AdminServices {
  /** At least 24 characters. */
  readonly adminToken: string;
  /** Begins every key. */
  readonly prefix: string;
  readonly clock: Pick<Clock, "now">;
  readonly redis: Pick<RedisCommands, "exec">;
  readonly sessions: Sessions;
  readonly cooldowns: CooldownStore;
  readonly jobs: Jobs;
  readonly cache: Pick<Cache, "invalidate" | "clearKind" | "clear">;
  readonly pubsub: Pick<Pubsub, "group" | "recent">;
  /** The groups that features deliver, by name: their dead letters can be replayed. */
  readonly groups: ReadonlyMap<string, Group>;
  /** The names of the cache's kinds, as far as known. */
  readonly kinds: readonly string[];
  /** Returns the fleet as it is. Never throws: what cannot be read is `null`. Cost: as `readFleetStatus`. */
  status(): Promise<FleetStatus>;
  /** Returns how many more requests the request's invocation may send. */
  left(): number;
  /** Returns a sentence about a failure that is known; `undefined` for any other. */
  explain(error: unknown): string | undefined;
}

/** The dashboard of an isolate, as the runtime knows it. */
export interface Dashboard {
  /** Answers what no other route under `/admin` takes. Cost: the pages'. */
  fetch(request: Request, services: AdminServices, context: ExecutionContext): Promise<Response>;
  /**
   * Returns whether a request comes from a login, and may do what it asks. Cost: 1 command, 1 round trip; 0 without a cookie.
   */
  isLoggedIn(request: Request, services: AdminServices): Promise<boolean>;
}
