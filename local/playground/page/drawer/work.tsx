import type { JSX } from "preact";
import type { ExchangeView } from "../../protocol.ts";

/** The requests of an invocation to Redis and to Discord, before its answer and behind it. */
export function Work({ exchange: { redis, rest, at } }: { exchange: ExchangeView }): JSX.Element {
  if (redis.length + rest.length === 0) return <p class="drawer-empty">Neither Redis nor Discord was asked.</p>;
  return (
    <>
      <Part title="Before the answer" redis={redis.filter(isBefore)} rest={rest.filter(isBefore)} at={at} />
      <Part title="Background work" redis={redis.filter(isBehind)} rest={rest.filter(isBehind)} at={at} />
    </>
  );
}

// --- Internal helpers ---

const isBehind = (one: { isBehind: boolean }): boolean => one.isBehind;
const isBefore = (one: { isBehind: boolean }): boolean => !one.isBehind;

type PartProps = { title: string; at: number } & Pick<ExchangeView, "redis" | "rest">;

function Part({ title, redis, rest, at }: PartProps): JSX.Element | null {
  if (redis.length + rest.length === 0) return null;
  return (
    <section class="work">
      <h4>{title}</h4>
      {redis.map((trip, index) => (
        <div key={`redis-${index}`} class="trip">
          <div class="trip-head">
            Redis · {trip.billed} billed · {Math.round(trip.ms)} ms · after {Math.max(0, Math.round(trip.at - at))} ms
          </div>
          {trip.commands.map((command, place) => (
            <code key={place}>{command}</code>
          ))}
        </div>
      ))}
      {rest.map((call, index) => (
        <div key={`rest-${index}`} class={call.status >= 400 ? "trip is-bad" : "trip"}>
          <div class="trip-head">
            Discord · {call.status} · {Math.round(call.ms)} ms · after {Math.max(0, Math.round(call.at - at))} ms
          </div>
          <code>{`${call.method} ${call.path}`}</code>
        </div>
      ))}
    </section>
  );
}
