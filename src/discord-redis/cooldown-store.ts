import { LRUCache } from "lru-cache";
import type { CooldownStore, CooldownUse } from "../discord/index.ts";
import { type Clock, systemClock } from "../platform/index.ts";
import { compareAndSwap, type RedisCommands } from "../redis/index.ts";
import { createKeys } from "./keys.ts";

/** What an isolate knows of cooldowns: the stored uses by key, as last seen. Plain data that outlives an invocation. */
export interface CooldownState {
  readonly seen: LRUCache<string, string>;
}

export interface CooldownStoreOptions {
  /** The isolate's share. */
  state: CooldownState;
  redis(): Pick<RedisCommands, "eval" | "exec" | "set">;
  prefix: string;
  clock?: Pick<Clock, "now">;
}

const maxSeen = 10_000;

/** Makes the isolate's share: the uses of the last 10,000 persons, channels or servers seen. */
export const createCooldownState = (): CooldownState => {
  let seen: LRUCache<string, string> | undefined;
  return {
    get seen() {
      return (seen ??= new LRUCache({ max: maxSeen }));
    },
  };
};

/** How often a use is counted anew, because others were counted in between. Each round one of them gets on. */
const maxRounds = 10;

/**
 * Returns a store that counts uses over all isolates, as the times of the last uses under `r:<name>`, which expires with the
 * last of them. Exact: a use is written only over the uses that it was judged by. Times are those of the isolates' own clocks.
 * Cost: 1 command, 1 round trip; 0 while this isolate knows that the limit is used up; 1/1 more where another isolate counted a
 * use since, and the limit allows more than one.
 */
export function createCooldownStore({
  state,
  redis,
  prefix,
  clock = systemClock,
}: CooldownStoreOptions): CooldownStore {
  const keys = createKeys(prefix);

  return {
    async use(name, limit, windowMs) {
      const key = keys.cooldown(name);
      let stored = state.seen.get(key) ?? null;
      // Redis has dropped the key once its last use is out of the window.
      if (readUses(stored, clock.now(), windowMs).length === 0) stored = null;
      for (let round = 0; round < maxRounds; round++) {
        const now = clock.now();
        const uses = readUses(stored, now, windowMs);
        const judged = judge(uses, limit, windowMs, now);
        if (!judged.isAllowed) return judged;
        const value = [...uses.slice(Math.max(0, uses.length - limit + 1)), now].join(" ");
        const found = await swap(redis(), { key, value, expected: stored, px: windowMs });
        state.seen.set(key, found === stored ? value : (found ?? ""));
        if (found === stored) return judged;
        stored = found;
      }
      throw new Error(`The uses under "${name}" changed ${maxRounds} times while one was being counted`);
    },
  };
}

// --- Internal helpers ---

/** Times of uses within the window, the oldest first; what cannot be read counts as none. */
function readUses(stored: string | null, now: number, windowMs: number): number[] {
  const times = (stored ?? "").split(" ").map(Number);
  return times.filter((at) => Number.isSafeInteger(at) && at > now - windowMs && at <= now + windowMs);
}

function judge(uses: readonly number[], limit: number, windowMs: number, now: number): CooldownUse {
  const first = uses.at(-limit);
  return first === undefined
    ? { isAllowed: true }
    : { isAllowed: false, retryAfterMs: Math.max(1, first + windowMs - now) };
}

/** Writes over `expected`, or where nothing is stored; returns what was stored: `expected` when the new value was written. */
const swap = (
  redis: Pick<RedisCommands, "eval" | "exec" | "set">,
  { key, value, expected, px }: { key: string; value: string; expected: string | null; px: number },
): Promise<string | null> =>
  expected === null
    ? redis.set(key, value, { nx: true, get: true, px })
    : compareAndSwap(redis, { key, value, expected, px });
