import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { formatDistance, formatTime } from "../../../render/markdown/time.ts";
import type { FaultName, WebhookEventName } from "../../protocol.ts";
import { useClient, useNow, useSelected } from "../client/use-client.ts";
import { allowedHosts } from "../message/pictures.ts";
import { Icon } from "./icons.tsx";

const minuteMs = 60_000;
const moves = [
  ["+1 min", minuteMs],
  ["+1 h", 60 * minuteMs],
  ["+1 day", 1_440 * minuteMs],
] as const;

const faults: readonly (readonly [name: FaultName, label: string])[] = [
  ["redis-slow", "Redis slow"],
  ["redis-down", "Redis down"],
  ["redis-loses-replies", "Redis loses replies"],
  ["discord-429", "Discord 429"],
  ["discord-500", "Discord 500"],
  ["discord-closed-dms", "DMs closed"],
];

const events: readonly (readonly [type: WebhookEventName, label: string])[] = [
  ["APPLICATION_AUTHORIZED", "App added"],
  ["APPLICATION_DEAUTHORIZED", "App removed"],
  ["ENTITLEMENT_CREATE", "Purchase"],
];

/** The world's clock, and faults and webhook events by button. It is folded while nothing is out of the ordinary. */
export function ControlsBar(): JSX.Element {
  const client = useClient();
  const now = useNow();
  const { can, aheadMs, nextJobAt, faults: active } = useSelected((state) => state.controls);
  const hosts = allowedHosts();
  useSeconds(active.length > 0);
  const tell = async (type: WebhookEventName) => {
    const answer = await client.act({ do: "event", type });
    if (answer.error === undefined) client.select(answer.exchange);
  };
  return (
    <details class={aheadMs > 0 || active.length > 0 ? "controls is-unusual" : "controls"}>
      <summary>
        <Icon name="clock" size={16} />
        <span>
          {formatTime(now(), "t", now())}
          {aheadMs >= minuteMs && ` · ${aheadOf(aheadMs)} ahead`}
        </span>
        {active.map(({ name, endsAt }) => (
          <span key={name} class="fault-on">
            {labelOf(name)} · {Math.max(0, Math.ceil((endsAt - Date.now()) / 1_000))} s
          </span>
        ))}
        <span class="controls-hint">Time and faults</span>
      </summary>
      <div class="controls-body">
        <fieldset disabled={!can.move}>
          <legend>Time</legend>
          {moves.map(([label, byMs]) => (
            <button key={label} type="button" class="small" onClick={() => void client.control({ do: "move", byMs })}>
              {label}
            </button>
          ))}
          <button
            type="button"
            class="small"
            disabled={nextJobAt === undefined}
            onClick={() => void client.control({ do: "to-next-job" })}
          >
            To the next job{nextJobAt !== undefined && ` (${formatDistance(nextJobAt - now())})`}
          </button>
          <button type="button" class="small" disabled={!can.cron} onClick={() => void client.control({ do: "cron" })}>
            Run cron
          </button>
        </fieldset>
        <fieldset>
          <legend>Faults</legend>
          {faults
            .filter(([name]) => can.redis || !name.startsWith("redis"))
            .map(([name, label]) => {
              const isOn = active.some((one) => one.name === name);
              return (
                <button
                  key={name}
                  type="button"
                  class="small"
                  aria-pressed={isOn}
                  onClick={() => void client.control({ do: "fault", name, isOn: !isOn })}
                >
                  {label}
                </button>
              );
            })}
        </fieldset>
        <fieldset>
          <legend>Webhook events</legend>
          {events.map(([type, label]) => (
            <button key={type} type="button" class="small" onClick={() => void tell(type)}>
              {label}
            </button>
          ))}
        </fieldset>
        {hosts.length > 0 && (
          <fieldset>
            <legend>Pictures from</legend>
            {hosts.map((host) => (
              <button
                key={host}
                type="button"
                class="small"
                aria-pressed={true}
                onClick={() => void client.allowPictures(host, false)}
              >
                {host}
              </button>
            ))}
          </fieldset>
        )}
      </div>
    </details>
  );
}

// --- Internal helpers ---

/** The clock is moved by whole minutes; a part of a second is lost on the way. */
const aheadOf = (ms: number): string =>
  formatDistance(Math.round(ms / minuteMs) * minuteMs).replace(/^in |tomorrow/, (found) =>
    found === "tomorrow" ? "1 day" : "",
  );

const labelOf = (name: FaultName): string => faults.find(([one]) => one === name)?.[1] ?? name;

/** Renders every second while something counts down, and every ten for the clock. */
function useSeconds(isCounting: boolean): void {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), isCounting ? 1_000 : 10_000);
    return () => clearInterval(timer);
  }, [isCounting]);
}
