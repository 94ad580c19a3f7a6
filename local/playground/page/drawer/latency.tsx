import type { JSX } from "preact";
import type { ExchangeView } from "../../protocol.ts";
import { limitMs } from "./figures.ts";

/** How long the first answer took, on a bar against three seconds, with the round trips to Redis in it. */
export function Latency({ exchange: { ms, redis, at, status } }: { exchange: ExchangeView }): JSX.Element {
  const share = (time: number) => Math.max(0, Math.min(100, (100 * time) / limitMs));
  const speed = ms === undefined ? "is-waiting" : ms > limitMs ? "is-late" : ms > limitMs / 2 ? "is-slow" : "is-fast";
  return (
    <span class="latency">
      <svg class={`latency-bar ${speed}`} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="latency-all" width={100} height={4} />
        <rect class="latency-answer" width={share(ms ?? limitMs)} height={4} />
        {redis
          .filter(({ isBehind }) => !isBehind)
          .map((trip, index) => (
            <rect
              key={index}
              class="latency-redis"
              x={share(trip.at - at)}
              width={Math.max(0.6, share(trip.ms))}
              height={4}
            />
          ))}
      </svg>
      <span class="latency-text">
        {ms === undefined ? "waiting" : `${Math.round(ms)} ms`}
        {status !== undefined && status !== 200 && ` · ${status}`}
      </span>
    </span>
  );
}
