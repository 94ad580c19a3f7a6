/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import type { FleetStatus } from "../status/fleet-status.ts";
import { duration, number, percent, quantile } from "./format.ts";
import { JobTable } from "./job-table.tsx";
import type { PageContext } from "./layout.tsx";
import { ActionButton, ActionForm, Section, Table, Tile, Time } from "./parts.tsx";

export interface DetailOptions {
  status: FleetStatus;
  context: PageContext;
  children?: Child;
}

const unread = "This could not be read.";
/** How many jobs the overview shows. */
const firstJobs = 8;

export const Jobs = ({ status: { jobs, at }, context }: DetailOptions) => (
  <Section id="jobs" title="Jobs" isWide>
    {jobs === null ? (
      <p class="empty">{unread}</p>
    ) : (
      <>
        <div class="tiles">
          <Tile name="Scheduled" value={number(jobs.scheduled)} />
          <Tile name="Due" value={number(jobs.due)} />
          <Tile name="Running" value={number(jobs.running)} />
          <Tile
            name="Late"
            value={number(jobs.late)}
            more={jobs.late > 0 ? `by ${duration(jobs.latestMs)}` : undefined}
          />
          <Tile name="Given up" value={number(jobs.dead)} more={<a href="/admin/dead-jobs">Dead jobs</a>} />
          <Tile name="Unreadable" value={number(jobs.unreadable)} />
        </div>
        <JobTable jobs={jobs.upcoming.slice(0, firstJobs)} context={context} now={at} />
        {jobs.scheduled > firstJobs && <a href="/admin/jobs">{`All ${number(jobs.scheduled)} jobs`}</a>}
        {jobs.rates.length > 0 && (
          <Table
            label="Runs of the last hour by kind"
            columns={["Kind", ">Done", ">Tried again", ">Given up", ">Late, 95 %"]}
            rows={jobs.rates.map(({ kind, done, retried, dead, lateMs }) => [
              kind,
              number(done),
              number(retried),
              number(dead),
              quantile(lateMs, 0.95),
            ])}
            empty=""
          />
        )}
      </>
    )}
  </Section>
);

export const Commands = ({ status: { commands } }: DetailOptions) => (
  <Section id="commands" title="Commands, last hour">
    <Table
      label="Commands"
      columns={["Command", ">Uses", ">Failed", ">Refused", ">Half", ">95 %"]}
      rows={(commands ?? [])
        .slice(0, 25)
        .map(({ command, count, outcomes, latency }) => [
          command,
          number(count),
          outcomes.failed > 0 ? <span class="bad">{number(outcomes.failed)}</span> : "0",
          number(outcomes.refused),
          quantile(latency, 0.5),
          quantile(latency, 0.95),
        ])}
      empty={commands === null ? unread : "No command was used in the last hour. Try /ping."}
    />
  </Section>
);

export const Instances = ({ status: { instances, leader, at } }: DetailOptions) => (
  <Section
    id="instances"
    title="Instances"
    note={
      leader === null
        ? undefined
        : leader.id === null
          ? "None leads: there is nothing at the moment that only a leader may do."
          : `${leader.id} leads under token ${leader.token}, for ${duration(leader.leaseLeftMs)} more.`
    }
  >
    <Table
      label="Instances"
      columns={["Instance", "Started", "Last seen", "Breaker", ""]}
      rows={(instances ?? [])
        .slice(0, 100)
        .map(({ id, startedAt, seenAt, breaker, isLeader, isSelf, about }) => [
          <code>{id}</code>,
          <Time at={startedAt} now={at} />,
          <Time at={seenAt} now={at} />,
          breaker === null ? "unknown" : breaker === "closed" ? "closed" : <span class="bad">{breaker}</span>,
          [isLeader && "leads", isSelf && "answers you", about].filter(Boolean).join(", "),
        ])}
      empty={
        instances === null
          ? unread
          : "No instance has worked in the last ten minutes: isolates end when they have nothing to do."
      }
    />
  </Section>
);

export const Streams = ({ status: { streams } }: DetailOptions) => (
  <Section id="streams" title="Streams">
    {(streams ?? []).map(({ name, length, groups }) => (
      <>
        <p class="note">{`${name}: ${number(length)} messages kept`}</p>
        <Table
          label={`Groups of ${name}`}
          columns={["Group", ">Unread", ">Pending", ">Dead letters", "Workers"]}
          rows={groups.map((group) => [
            group.name,
            group.lag === null ? "unknown" : number(group.lag),
            number(group.pending),
            group.deadLetters > 0 ? (
              <a href={`/admin/dead-letters?group=${encodeURIComponent(group.name)}`}>{number(group.deadLetters)}</a>
            ) : (
              "0"
            ),
            group.consumers
              .slice(0, 5)
              .map(({ name: worker, pending, idleMs }) => `${worker}: ${pending} pending, idle ${duration(idleMs)}`)
              .join("; "),
          ])}
          empty="No group of workers reads this stream."
        />
      </>
    ))}
    {!streams?.length && (
      <p class="empty">
        {streams === null ? unread : "Nothing was published in the last day: the bus begins with the next message."}
      </p>
    )}
  </Section>
);

export const Cache = ({ status: { cache }, children }: DetailOptions) => (
  <Section id="cache" title="Cache, last hour">
    <Table
      label="Cache reads by kind"
      columns={["Kind", ">In memory", ">Redis", ">Stale", ">Missed", ">Hits", ">Failed"]}
      rows={(cache ?? []).map(({ kind, local, redis, stale, misses, failures }) => [
        kind,
        number(local),
        number(redis),
        number(stale),
        number(misses),
        percent((local + redis + stale) / Math.max(1, local + redis + stale + misses)),
        number(failures),
      ])}
      empty={cache === null ? unread : "Nothing was read through the cache in the last hour."}
    />
    {children}
  </Section>
);

export const Sessions = ({ status: { sessions }, context }: DetailOptions) => (
  <Section id="sessions" title="Sessions, last hour">
    <Table
      label="Sessions by kind"
      columns={["Kind", ">Created", ">Read", ">Updated", ">Ended"]}
      rows={(sessions ?? []).map(({ kind, created, read, updated, ended }) => [
        kind,
        number(created),
        number(read),
        number(updated),
        number(ended),
      ])}
      empty={sessions === null ? unread : "No session was used in the last hour."}
    />
    <ActionForm {...context}>
      <label>
        Person <input name="owner" inputmode="numeric" placeholder="Discord user ID" size={20} required />
      </label>
      <ActionButton act="end-sessions" isRisky>
        End sessions
      </ActionButton>
    </ActionForm>
  </Section>
);

export const Outside = ({ status: { redis, discord } }: DetailOptions) => (
  <Section id="outside" title="Redis and Discord, last hour">
    {redis === null && discord === null && <p class="empty">{unread}</p>}
    <div class="tiles">
      {redis && (
        <>
          <Tile
            name="Redis answers, half within"
            value={quantile(redis.latency, 0.5) || "\u2013"}
            more={redis.latency.count > 0 ? `95 % ${quantile(redis.latency, 0.95)}` : undefined}
          />
          <Tile
            name="Requests"
            value={number(redis.requests)}
            more={`${number(redis.commandsPerMinute)} commands a minute`}
          />
          <Tile
            name="Failed"
            value={number(redis.errors)}
            more={`${number(redis.timeouts)} timed out, ${number(redis.retries)} sent again`}
          />
          <Tile
            name="Breakers open"
            value={number(redis.breakers.open)}
            more={`${number(redis.breakers.halfOpen)} half-open, ${number(redis.breakers.closed)} closed`}
          />
        </>
      )}
      {discord && (
        <>
          <Tile
            name="Discord answers, half within"
            value={quantile(discord.latency, 0.5) || "\u2013"}
            more={`${number(discord.requests)} requests`}
          />
          <Tile
            name="Limited by Discord (429)"
            value={number(discord.rateLimited)}
            more={`${number(discord.errors)} errors`}
          />
        </>
      )}
    </div>
  </Section>
);
