/** @jsxImportSource hono/jsx */
import type { Message } from "../../pubsub/index.ts";
import type { AuditEntry } from "../actions/audit.ts";
import type { Concern, FleetStatus } from "../status/fleet-status.ts";
import { Chart } from "./chart.tsx";
import { Cost } from "./cost.tsx";
import { Cache, Commands, Instances, Jobs, Outside, Sessions, Streams } from "./details.tsx";
import { Audit, CacheForms, Events } from "./doings.tsx";
import { instant, number, percent, quantile } from "./format.ts";
import { Page, type PageContext } from "./layout.tsx";
import { Section, Tile } from "./parts.tsx";
import { pollMs, refreshMs } from "./script.ts";

export interface OverviewOptions {
  context: PageContext;
  status: FleetStatus;
  /** `null`: they could not be read. */
  events: readonly Message[] | null;
  audit: readonly AuditEntry[] | null;
  kinds: readonly string[];
  /** What one reading of this page costs, in Redis commands. */
  commands: number;
}

/** The page that answers first whether all is well, then what needs a hand, then how much, then the details. */
export const Overview = ({ context, status, events, audit, kinds, commands }: OverviewOptions) => {
  const cost = `Watching costs ${number((60_000 / refreshMs) * commands + 60_000 / pollMs)} commands a minute, while this tab is visible.`;
  const more = { status, context };
  return (
    <Page context={context} title={titles[status.level]} isWatching>
      <section id="now" class={`top ${status.level}`} aria-labelledby="now-title" data-live>
        <h1 id="now-title">{status.sentence}</h1>
        <p class="note">
          As of {instant(status.at)} UTC. This reading cost {commands} commands.
        </p>
        {status.missing.map(({ part, reason }) => (
          <p class="bad">
            Not shown: {part}. {reason}
          </p>
        ))}
      </section>
      <p id="watching" class="note wide" data-cost={cost} aria-live="polite">
        {`This page shows one moment. With JavaScript it follows; without, it is read again each minute for ${commands} commands.`}
      </p>
      <Hand concerns={status.concerns} />
      <Rates status={status} />
      <Jobs {...more} />
      <div class="columns">
        <Commands {...more} />
        <Instances {...more} />
        <Streams {...more} />
        <Cache {...more}>
          <CacheForms context={context} kinds={kinds} />
        </Cache>
        <Sessions {...more} />
        <Outside {...more} />
        <Cost {...more} />
        <Events events={events} />
        <Audit entries={audit} now={status.at} />
      </div>
    </Page>
  );
};

// --- Internal helpers ---

const titles: Record<FleetStatus["level"], string> = {
  well: "All well",
  attention: "Needs a hand",
  trouble: "Trouble",
};

/** Where a concern can be dealt with. */
const cures: Partial<Record<Concern["kind"], readonly [path: string, text: string]>> = {
  "dead-letters": ["/admin/dead-letters", "Look at them"],
  "dead-jobs": ["/admin/dead-jobs", "Look at them"],
  "late-jobs": ["/admin/jobs", "Look at the jobs"],
  "failing-recurrence": ["/admin/jobs", "Look at the jobs"],
  "orphaned-job": ["/admin/jobs", "Look at the jobs"],
  "stuck-messages": ["#streams", "See the streams"],
  "free-tier": ["#cost", "See what it costs"],
  errors: ["#commands", "See by command"],
};

const severities = { attention: "Attention", trouble: "Trouble" } as const;

const Hand = ({ concerns }: { concerns: readonly Concern[] }) => (
  <Section id="hand" title="What needs a hand" isWide>
    {concerns.length === 0 ? (
      <p class="empty">Nothing: no dead letters or jobs, nothing late, every breaker closed.</p>
    ) : (
      <ul class="concerns">
        {concerns.map(({ kind, severity, text, about }) => {
          const [first, name] = cures[kind] ?? [];
          const path = kind === "dead-letters" && about ? `${first}?group=${encodeURIComponent(about)}` : first;
          return (
            <li>
              <span class={`badge ${severity}`}>{severities[severity]}</span>
              <span>{text}</span>
              {path !== undefined && <a href={path}>{name}</a>}
            </li>
          );
        })}
      </ul>
    )}
  </Section>
);

const Rates = ({ status: { rates, redis } }: { status: FleetStatus }) => (
  <Section id="rates" title="The last hour" isWide>
    {rates === null ? (
      <p class="empty">The counts could not be read.</p>
    ) : (
      <>
        <div class="tiles">
          <Tile name="Interactions" value={number(rates.total.interactions)} />
          <Tile
            name="Failed"
            value={number(rates.total.errors)}
            more={rates.total.interactions > 0 ? percent(rates.total.errors / rates.total.interactions) : undefined}
          />
          <Tile
            name="Answered, half within"
            value={quantile(rates.total.latency, 0.5) || "\u2013"}
            more={rates.total.latency.count > 0 ? `95 % ${quantile(rates.total.latency, 0.95)}` : undefined}
          />
          <Tile
            name="Redis commands"
            value={number(rates.total.redisCommands)}
            more={redis ? `${number(redis.commandsPerMinute)} a minute` : undefined}
          />
          <Tile name="Requests to Discord" value={number(rates.total.discordRequests)} />
        </div>
        <div class="charts">
          <Chart
            name="Interactions a minute"
            unit="Interactions"
            points={rates.minutes.map(({ at, interactions }) => ({ at, value: interactions }))}
          />
          <Chart
            name="Redis commands a minute"
            unit="Commands"
            points={rates.minutes.map(({ at, redisCommands }) => ({ at, value: redisCommands }))}
          />
        </div>
      </>
    )}
  </Section>
);
