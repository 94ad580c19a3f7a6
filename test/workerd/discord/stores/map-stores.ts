import type { AnswerStore, Claim, CooldownStore, EventStore } from "../../../../src/discord/index.ts";
import type { Clock } from "../../../../src/platform/index.ts";

// The smallest implementations of the router's ports: each over a Map that isolates share.

export const createMapAnswerStore = (kept: Map<string, Claim>): AnswerStore => ({
  async claim(interactionId) {
    const claim = kept.get(interactionId);
    if (!claim) kept.set(interactionId, { state: "running" });
    return claim ?? { state: "first" };
  },
  async keep(interactionId, answer) {
    kept.set(interactionId, { state: "answered", answer });
  },
});

export const createMapEventStore = (claimed: Map<string, true>): EventStore => ({
  async claim(key) {
    if (claimed.has(key)) return false;
    claimed.set(key, true);
    return true;
  },
});

export const createMapCooldownStore = (
  uses: Map<string, readonly number[]>,
  clock: Pick<Clock, "now">,
): CooldownStore => ({
  use(name, limit, windowMs) {
    const now = clock.now();
    const recent = (uses.get(name) ?? []).filter((at) => at > now - windowMs);
    const first = recent.at(-limit);
    if (first !== undefined) return { isAllowed: false, retryAfterMs: first + windowMs - now };
    uses.set(name, [...recent, now]);
    return { isAllowed: true };
  },
});
