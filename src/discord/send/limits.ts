import type { Refusal } from "./errors.ts";
import type { Route } from "./route.ts";

/** Discord's limits as far as an isolate knows them. Plain data, shared by its invocations but not with other isolates. */
export interface RestState {
  /** The ids of buckets, by route. */
  buckets: Map<string, string>;
  /** The calls that a bucket has left, by its id and major resource. */
  limits: Map<string, { remaining: number; resetAt: number }>;
  /** No call with the bot's token goes out before this time. */
  globalUntil: number;
  /** Calls that Discord refused, until they may be sent again. */
  refusals: Map<string, { until: number; status: number; refusal: Refusal }>;
  /** Direct channels that were opened, by the person's id. */
  directChannels: Map<string, string>;
}

/** Makes the isolate's share of the REST client. */
export const createRestState = (): RestState => ({
  buckets: new Map(),
  limits: new Map(),
  globalUntil: 0,
  refusals: new Map(),
  directChannels: new Map(),
});

const limitKey = (state: RestState, { key, major }: Route): string => `${state.buckets.get(key) ?? key} ${major}`;

/**
 * Returns how many milliseconds a call has to wait; at 0 it takes one of the calls that are left. `isGlobal`: the call
 * carries the bot's token, so that the global limit counts it.
 */
export function takeTurn(state: RestState, route: Route, isGlobal: boolean, now: number): number {
  const limit = state.limits.get(limitKey(state, route));
  const global = isGlobal ? Math.max(0, state.globalUntil - now) : 0;
  const own = limit && limit.remaining <= 0 ? Math.max(0, limit.resetAt - now) : 0;
  const delay = Math.max(global, own);
  if (delay === 0 && limit) limit.remaining = limit.resetAt <= now ? Number.POSITIVE_INFINITY : limit.remaining - 1;
  return delay;
}

/** Records the limits in an answer's headers. */
export function noteHeaders(state: RestState, route: Route, headers: Headers, now: number): void {
  const bucket = headers.get("X-RateLimit-Bucket");
  const remaining = Number(headers.get("X-RateLimit-Remaining") ?? Number.NaN);
  const resetAfter = Number(headers.get("X-RateLimit-Reset-After") ?? Number.NaN);
  if (bucket === null || !Number.isFinite(remaining) || !Number.isFinite(resetAfter)) return;
  remember(state.buckets, route.key, bucket);
  const key = limitKey(state, route);
  const known = state.limits.get(key);
  const resetAt = now + within(resetAfter * 1_000);
  // Answers overtake each other: within one window the smaller number is the newer.
  const isSameWindow = known !== undefined && Math.abs(known.resetAt - resetAt) < 500;
  remember(state.limits, key, {
    remaining: isSameWindow ? Math.min(known.remaining, remaining) : remaining,
    resetAt,
  });
}

/** Records a 429. Returns how many milliseconds it lasts. */
export function noteLimit(
  state: RestState,
  route: Route,
  headers: Headers,
  body: Record<string, unknown>,
  now: number,
): number {
  const seconds = Number(body["retry_after"] ?? headers.get("Retry-After") ?? 1);
  const ms = Number.isFinite(seconds) ? within(Math.ceil(seconds * 1_000)) : 1_000;
  const isGlobal = body["global"] === true || headers.get("X-RateLimit-Global") === "true";
  if (isGlobal) state.globalUntil = Math.max(state.globalUntil, now + ms);
  else remember(state.limits, limitKey(state, route), { remaining: 0, resetAt: now + ms });
  return ms;
}

/** Discord is asked again after an hour, however long it said. */
const within = (ms: number): number => Math.min(Math.max(0, ms), 3_600_000);

/** Sets an entry in a map that keeps the thousand newest. */
export function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > 1_000) {
    const oldest = map.keys().next().value;
    if (oldest !== undefined) map.delete(oldest);
  }
}
