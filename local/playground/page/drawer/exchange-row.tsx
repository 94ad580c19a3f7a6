import type { JSX } from "preact";
import type { ExchangeView } from "../../protocol.ts";
import { billOf } from "./figures.ts";
import { Latency } from "./latency.tsx";

/** One exchange of the list: what was done, by whom, how long it took, what it cost. */
export function ExchangeRow({ exchange, onSelect }: { exchange: ExchangeView; onSelect: () => void }): JSX.Element {
  const { title, person, problems } = exchange;
  return (
    <button type="button" class={problems.length > 0 ? "exchange-row is-bad" : "exchange-row"} onClick={onSelect}>
      <span class="exchange-title">{title}</span>
      <span class="exchange-about">
        {person?.name ?? "Discord"} · {billOf(exchange)}
      </span>
      <Latency exchange={exchange} />
    </button>
  );
}
