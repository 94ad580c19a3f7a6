import { compareAndSet } from "../redis/index.ts";
import { redisLifeMs, restamp } from "./envelope.ts";
import { publish } from "./forget.ts";
import { keepLocally } from "./keep.ts";
import type { KindContext } from "./kind-context.ts";
import { invalidateLocally, isUntouched } from "./l1.ts";
import { isServable } from "./load.ts";

/** How often an entry may change between reading and writing it. */
const maxTries = 3;

/**
 * Makes a value fresh for `ttlMs` from now, shorter or longer than before, with the kind's grace after that. Returns false when
 * there is no entry.
 * Cost: 2 commands, 2 round trips, and 1 command for a bus.
 */
export async function expire<T>(context: KindContext<T>, id: string, ttlMs: number): Promise<boolean> {
  const { kind, l2, clock, redis, state, keyOf, tagsOf } = context;
  const key = keyOf(id);
  const tags = tagsOf(id);
  for (let tries = 0; tries < maxTries; tries++) {
    const found = await l2.read(key, tags);
    if (!isServable(context, found)) return false;
    const { stored, sequence } = found;
    const now = clock.now();
    const freshUntil = now + ttlMs;
    const serveUntil = freshUntil + (stored.value === undefined ? 0 : kind.graceMs);
    const envelope = restamp(stored, { freshUntil, serveUntil });
    let keep = (): void => {};
    try {
      const px = redisLifeMs(envelope, now);
      const change = { key, expected: stored.text, value: envelope.text, px };
      if (!(await publish(context, [key], compareAndSet(redis(), change)))) continue;
      if (isUntouched(state, key, { sequence, tags }))
        keep = () => keepLocally(context, key, tags, envelope, { sequence: state.sequence, readAt: now });
      return true;
    } finally {
      invalidateLocally(state, key);
      keep();
    }
  }
  return false;
}
