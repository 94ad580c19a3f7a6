import type { Refusal } from "./errors.ts";
import type { Route } from "./route.ts";

/** What an isolate knows of Discord's limits: plain data, shared by its invocations. Isolates know nothing of each other. */
export interface RestState {
  /** Bucket ids by route. */
  buckets: Map<string, string>;
  /** What is left of a bucket, by its id and major resource. */
  limits: Map<string, { remaining: number; resetAt: number }>;
  /** No call before this time. */
  globalUntil: number;
  /** Calls that Discord refused a moment ago. */
  refusals: Map<string, { until: number; status: number; refusal: Refusal }>;
  /** Direct channels that were opened, by the person's id. */
  directChannels: Map<string, string>;
}

export const createRestState = (): RestState => ({
  buckets: new Map(),
  limits: new Map(),
  globalUntil: 0,
  refusals: new Map(),
  directChannels: new Map(),
});

const limitKey = (state: RestState, { key, major }: Route): string => `${state.buckets.get(key) ?? key} ${major}`;

/** How long a call has to wait; 0 takes one of what is left. Calls outside the global limit carry no bot token. */
export function takeTurn(state: RestState, route: Route, isGlobal: boolean, now: number): number {
  const limit = state.limits.get(limitKey(state, route));
  const global = isGlobal ? Math.max(0, state.globalUntil - now) : 0;
  const own = limit && limit.remaining <= 0 ? Math.max(0, limit.resetAt - now) : 0;
  const delay = Math.max(global, own);
  if (delay === 0 && limit) limit.remaining = limit.resetAt <= now ? Number.POSITIVE_INFINITY : limit.remaining - 1;
  return delay;
}

/** Takes note of the headers that come with every answer. */
export function noteHeaders(state: RestState, route: Route, headers: Headers, now: number): void {
  const bucket = headers.get("X-RateLimit-Bucket");
  const remaining = Number(headers.get("X-RateLimit-Remaining") ?? Number.NaN);
  const resetAfter = Number(headers.get("X-RateLimit-Reset-After") ?? Number.NaN);
  if (bucket === null || !Number.isFinite(remaining) || !Number.isFinite(resetAfter)) return;
  remember(state.buckets, route.key, bucket);
  const key = limitKey(state, route);
  const known = state.limits.get(key);
  const resetAt = now + resetAfter * 1_000;
  // Answers overtake each other: within one window the smaller number is the later one.
  const isSameWindow = known !== undefined && Math.abs(known.resetAt - resetAt) < 500;
  remember(state.limits, key, {
    remaining: isSameWindow ? Math.min(known.remaining, remaining) : remaining,
    resetAt,
  });
}

/** Takes note of a 429; gives back for how long, in milliseconds. */
export function noteLimit(
  state: RestState,
  route: Route,
  headers: Headers,
  body: Record<string, unknown>,
  now: number,
): number {
  const seconds = Number(body["retry_after"] ?? headers.get("Retry-After") ?? 1);
  const ms = Number.isFinite(seconds) ? Math.ceil(seconds * 1_000) : 1_000;
  const isGlobal = body["global"] === true || headers.get("X-RateLimit-Global") === "true";
  if (isGlobal) state.globalUntil = Math.max(state.globalUntil, now + ms);
  else remember(state.limits, limitKey(state, route), { remaining: 0, resetAt: now + ms });
  return ms;
}

/** Sets in a map that keeps its newest thousand entries. */
export function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > 1_000) {
    const oldest = map.keys().next().value;
    if (oldest !== undefined) map.delete(oldest);
  }
}
