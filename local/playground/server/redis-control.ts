import type { RedisRestServer } from "../../redis/index.ts";
import type { RedisControl } from "./controls.ts";

export interface RedisControlOptions {
  server: Pick<RedisRestServer, "setFaults" | "peek">;
  /** Moves the time by which keys expire. */
  setAhead(ms: number): void;
  /** The Worker's `KEY_PREFIX`. Default: `sp:`. */
  prefix?: string;
}

/** Returns what the playground does with the Redis server of this bot. Nothing of it is billed. */
export const createRedisControl = ({ server, setAhead, prefix = "sp:" }: RedisControlOptions): RedisControl => ({
  setFaults: server.setFaults,
  setAhead,
  async nextJobAt() {
    const reply = await server.peek("ZRANGE", `${prefix}j:due`, 0, 0, "WITHSCORES");
    const [, score] = Array.isArray(reply) ? reply : [];
    const dueAt = Number(String(score));
    // The fraction of a score counts the job's claims.
    return score !== undefined && Number.isFinite(dueAt) ? Math.floor(dueAt) : undefined;
  },
});
