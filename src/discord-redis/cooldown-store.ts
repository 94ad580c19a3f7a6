import type { CooldownStore, CooldownUse } from "../discord/index.ts";
import { type BoundedMap, type Clock, createBoundedMap, systemClock } from "../platform/index.ts";
import { compareAndSwap, type RedisCommands, RedisUnknownOutcomeError } from "../redis/index.ts";
import { createKeys } from "./keys.ts";
import { readUses, type Uses, usesWithin, writeUses } from "./uses.ts";

export type CooldownCommands = Pick<RedisCommands, "eval" | "exec" | "set">;

/** The isolate's memory of cooldowns: the uses by key, as last seen in Redis. Plain data that outlives an invocation. */
export interface CooldownState {
  readonly seen: BoundedMap<Uses>;
}

export interface CooldownStoreOptions {
  /** The isolate's share. */
  state: CooldownState;
  redis(): CooldownCommands;
  /** Begins every key. */
  prefix: string;
  clock?: Pick<Clock, "now">;
}

/** Makes an isolate's memory: of the 10,000 keys used last, and at most 200,000 uses. Cost: 0 commands. */
export const createCooldownState = (): CooldownState => ({
  seen: createBoundedMap({ maxEntries: 10_000, maxWeight: 200_000 }),
});

/**
 * Returns a store that counts uses over all isolates, as the times of the uses in the window, under `r:<name>` until the
 * last of them leaves it.
 *
 * Exact: a use is written only over the uses that it was judged by, by compare-and-set, so that of any number at once no
 * more than the limit go on. Times are those of the isolates' clocks: where two differ, a use counts as much longer or
 * shorter, and no refusal lasts longer than the window. A stored value that is unreadable counts as no use and is
 * overwritten; a key of another type makes `use` reject.
 *
 * Cost: 1 command, 1 round trip; 0 while this isolate knows that the limit is used up. 1 more where another isolate counted
 * a use since, and after a lost reply.
 */
export function createCooldownStore({
  state,
  redis,
  prefix,
  clock = systemClock,
}: CooldownStoreOptions): CooldownStore {
  const keys = createKeys(prefix);

  async function count(key: string, limit: number, windowMs: number): Promise<CooldownUse> {
    let seen = state.seen.get(key);
    // Redis dropped the key with its last use.
    if (seen && usesWithin(seen, clock.now(), windowMs).length === 0) seen = undefined;
    let lostAt: number | undefined;
    for (let round = 0; round < limit + spareRounds; round++) {
      const now = clock.now();
      const times = usesWithin(seen, now, windowMs);
      const judged = judge(times, limit, windowMs, now);
      if (!judged.isAllowed) return judged;
      const counted = writeUses([...times, now]);
      const expected = seen?.text ?? null;
      let stored: string | null;
      try {
        stored = await swap(redis(), { key, value: counted.text, expected, px: windowMs });
      } catch (error) {
        if (!(error instanceof RedisUnknownOutcomeError) || lostAt !== undefined) throw error;
        // The next round finds out: it sets the value that this one did not, or finds this use in the stored one.
        lostAt = now;
        continue;
      }
      if (stored === expected) {
        state.seen.set(key, counted, counted.times.length);
        return judged;
      }
      seen = stored === null ? undefined : readUses(stored, clock.now());
      if (seen) state.seen.set(key, seen, seen.times.length);
      else state.seen.delete(key);
      if (lostAt !== undefined && seen?.times.includes(lostAt)) return judged;
    }
    throw new Error(`Others changed the uses of a cooldown ${limit + spareRounds} times while one was counted`);
  }

  return {
    use(name, limit, windowMs) {
      const key = keys.cooldown(name);
      const now = clock.now();
      const known = judge(usesWithin(state.seen.get(key), now, windowMs), limit, windowMs, now);
      return known.isAllowed ? count(key, limit, windowMs) : known;
    },
  };
}

// --- Internal helpers ---

/** A round fails when another use was counted, so that the limit is used up after `limit`. More for expiry and lost replies. */
const spareRounds = 3;

/** Of `limit` uses in the window the first has to leave it before another can go on. */
function judge(times: readonly number[], limit: number, windowMs: number, now: number): CooldownUse {
  const first = times.at(-limit);
  return first === undefined ? { isAllowed: true } : { isAllowed: false, retryAfterMs: first + windowMs - now };
}

/**
 * Writes over `expected`, or where nothing is stored. Returns the value stored before: `expected` when the new one was
 * written.
 */
const swap = (
  redis: CooldownCommands,
  { key, value, expected, px }: { key: string; value: string; expected: string | null; px: number },
): Promise<string | null> =>
  expected === null
    ? redis.set(key, value, { nx: true, get: true, px })
    : compareAndSwap(redis, { key, value, expected, px });
