import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useClient, useSelected } from "../client/use-client.ts";
import { Icon } from "../shell/icons.tsx";
import { Exchange } from "./exchange.tsx";
import { ExchangeRow } from "./exchange-row.tsx";
import { SessionButtons } from "./session-buttons.tsx";

/** The developer's drawer: every signed request to the Worker, newest first, and one of them in full. */
export function Drawer(): JSX.Element {
  const client = useClient();
  const exchanges = useSelected((state) => state.exchanges);
  const selected = useSelected((state) => state.selectedExchange);
  const [filter, setFilter] = useState("");
  const shown = exchanges.find(({ id }) => id === selected);
  const listed = exchanges.filter(({ title }) => title.toLowerCase().includes(filter.toLowerCase())).toReversed();
  return (
    <aside class="drawer" aria-label="Exchanges">
      <header>
        <h2>Exchanges</h2>
        <SessionButtons />
        <button
          type="button"
          class="plain"
          aria-label="Close the exchanges"
          onClick={() => client.toggle("drawer", false)}
        >
          <Icon name="close" />
        </button>
      </header>
      {shown ? (
        <Exchange key={shown.id} exchange={shown} />
      ) : (
        <>
          <input
            type="search"
            class="drawer-filter"
            placeholder="Filter"
            aria-label="Filter the exchanges"
            value={filter}
            onInput={({ currentTarget }) => setFilter(currentTarget.value)}
          />
          {listed.length === 0 && <p class="drawer-empty">Send a command to see what it costs.</p>}
          <ul class="exchange-list">
            {listed.map((exchange) => (
              <li key={exchange.id}>
                <ExchangeRow exchange={exchange} onSelect={() => client.select(exchange.id)} />
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
