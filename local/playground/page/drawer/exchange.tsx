import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ExchangeView } from "../../protocol.ts";
import { useClient } from "../client/use-client.ts";
import { CodeBlock } from "../markdown/code-block.tsx";
import { Reasons } from "../message/reasons.tsx";
import { Icon } from "../shell/icons.tsx";
import { Actions } from "./actions.tsx";
import { billOf, pretty } from "./figures.ts";
import { Latency } from "./latency.tsx";
import { Work } from "./work.tsx";

const tabs = ["Answer", "Request", "Work", "Logs"] as const;

/** One exchange in full. */
export function Exchange({ exchange }: { exchange: ExchangeView }): JSX.Element {
  const client = useClient();
  const [tab, setTab] = useState<(typeof tabs)[number]>("Answer");
  const { title, kind, person, problems, request, response, isCertain, logs } = exchange;
  return (
    <div class="exchange">
      <button type="button" class="link back" onClick={() => client.select(undefined)}>
        All exchanges
      </button>
      <h3>{title}</h3>
      <p class="exchange-about">
        {kind} · {person?.name ?? "Discord"} · {billOf(exchange)}
        {!isCertain && " · attributed by time, since invocations overlapped"}
      </p>
      <Latency exchange={exchange} />
      <Limits limits={exchange.limits} />
      <Reasons reasons={problems} />
      <Actions exchange={exchange} />
      <div class="tabs" role="tablist" aria-label="Parts of the exchange" onKeyDown={onKey}>
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={name === tab}
            aria-controls="exchange-part"
            tabIndex={name === tab ? 0 : -1}
            onClick={() => setTab(name)}
          >
            {name}
            {name === "Logs" && logs.length > 0 && ` (${logs.length})`}
          </button>
        ))}
      </div>
      <div id="exchange-part" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === "Answer" && <Raw part={response} empty="The Worker has not answered." />}
        {tab === "Request" && <Raw part={request} empty="" />}
        {tab === "Work" && <Work exchange={exchange} />}
        {tab === "Logs" && <Logs logs={logs} />}
      </div>
    </div>
  );

  function onKey(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length] ?? "Answer";
    setTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  }
}

// --- Internal helpers ---

function Raw({ part, empty }: { part: ExchangeView["response"]; empty: string }): JSX.Element {
  if (!part) return <p class="drawer-empty">{empty}</p>;
  return (
    <>
      <details class="headers">
        <summary>Headers</summary>
        <dl>
          {Object.entries(part.headers).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
      {part.cutFrom !== undefined && (
        <p class="drawer-empty">
          Cut: the first {part.body.length.toLocaleString("en-GB")} of {part.cutFrom.toLocaleString("en-GB")}{" "}
          characters.
        </p>
      )}
      {part.body === "" ? (
        <p class="drawer-empty">The body is empty.</p>
      ) : (
        <CodeBlock language="json" text={pretty(part.body)} />
      )}
    </>
  );
}

/** What the answer uses of Discord's limits. */
function Limits({ limits }: Pick<ExchangeView, "limits">): JSX.Element | null {
  if (limits.length === 0) return null;
  return (
    <ul class="limits" aria-label="Discord's limits">
      {limits.map(({ name, used, max }) => (
        <li key={name} class={used > max ? "is-over" : undefined}>
          {name} {used.toLocaleString("en-GB")} / {max.toLocaleString("en-GB")}
        </li>
      ))}
    </ul>
  );
}

function Logs({ logs }: { logs: ExchangeView["logs"] }): JSX.Element {
  if (logs.length === 0) return <p class="drawer-empty">The invocation logged nothing.</p>;
  return (
    <ul class="logs">
      {logs.map(({ level, text }, index) => (
        <li key={index} class={`log log-${level}`}>
          {level === "error" && <Icon name="warning" size={16} />} {text}
        </li>
      ))}
    </ul>
  );
}
