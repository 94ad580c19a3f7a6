/** @jsxImportSource hono/jsx */
import type { DeadPage, JobPage } from "../../jobs/index.ts";
import type { DeadLetter } from "../../pubsub/index.ts";
import { number, shownJson } from "./format.ts";
import { JobKind, JobTable } from "./job-table.tsx";
import { Page, type PageContext } from "./layout.tsx";
import { ActionButton, ActionForm, Pager, Section, Table, Time } from "./parts.tsx";

/** How many a page shows. */
export const perPage = 50;

export const JobsPage = ({ context, page, from }: { context: PageContext; page: JobPage; from: number }) => (
  <Page context={context} title="Jobs">
    <Section
      id="jobs"
      title="Jobs"
      isWide
      note="The next due first. Times are UTC. A run that has begun goes on when its job is moved or cancelled."
    >
      <JobTable jobs={page.jobs} context={context} now={context.now} />
    </Section>
    <Pager path="/admin/jobs" from={from} count={perPage} total={page.total} />
  </Page>
);

export const DeadJobsPage = ({ context, page, from }: { context: PageContext; page: DeadPage; from: number }) => (
  <Page context={context} title="Dead jobs">
    <Section
      id="dead-jobs"
      title="Dead jobs"
      isWide
      note="Given up after their last try, or refused. Each is kept for 30 days."
    >
      {page.total > 0 && (
        <ActionForm {...context}>
          <ActionButton act="revive-job">{`Try all ${number(page.total)} again`}</ActionButton>
          <ActionButton act="drop-job" isRisky>{`Drop all ${number(page.total)}`}</ActionButton>
        </ActionForm>
      )}
      <Table
        label="Dead jobs, the last first"
        columns={["Kind", "Owner", "Died", "Reason", "Do"]}
        rows={page.dead.map(({ job, reason, at }) => {
          const name = `${job.kind} of ${job.owner}`;
          return [
            <JobKind job={job} />,
            <code>{job.owner}</code>,
            <Time at={at} now={context.now} />,
            reason,
            <ActionForm {...context} fields={{ id: job.id, owner: job.owner }}>
              <ActionButton act="revive-job" of={name}>
                Try again
              </ActionButton>
              <ActionButton act="drop-job" of={name} isRisky>
                Drop
              </ActionButton>
            </ActionForm>,
          ];
        })}
        empty="No job was given up. One that fails eight times lands here, to be tried again or dropped."
      />
    </Section>
    <Pager path="/admin/dead-jobs" from={from} count={perPage} total={page.total} />
  </Page>
);

export interface LetterGroup {
  name: string;
  count: number;
  letters: readonly DeadLetter[];
  /** A feature of this bot can deliver them. */
  isReplayable: boolean;
}

export const DeadLettersPage = ({ context, groups }: { context: PageContext; groups: readonly LetterGroup[] }) => (
  <Page context={context} title="Dead letters">
    {groups.length === 0 && (
      <Section id="dead-letters" title="Dead letters" isWide>
        <p class="empty">No feature of this bot delivers messages of the bus.</p>
      </Section>
    )}
    {groups.map(({ name, count, letters, isReplayable }) => (
      <Section
        id={`letters-${name}`}
        title={`Dead letters of ${name}`}
        isWide
        note="Messages that could not be delivered, the oldest first. All are kept until 30 days after the last one."
      >
        {count > 0 && (
          <ActionForm {...context} fields={{ group: name }}>
            {isReplayable && <ActionButton act="replay-letter">{`Replay all ${number(count)}`}</ActionButton>}
            <ActionButton act="drop-letter" isRisky>{`Drop all ${number(count)}`}</ActionButton>
          </ActionForm>
        )}
        <Table
          label={`Dead letters of ${name}`}
          columns={["Channel", "Published", "Reason", ">Tries", "Do"]}
          rows={letters.map(({ id, message, reason, deliveries }) => [
            <>
              {message.channel}
              <details>
                <summary>Message</summary>
                <pre>{`${message.type} ${message.id}\n${shownJson(message.data)}`}</pre>
              </details>
            </>,
            <Time at={message.time} now={context.now} />,
            reason,
            number(deliveries),
            <ActionForm {...context} fields={{ group: name, id }}>
              {isReplayable && (
                <ActionButton act="replay-letter" of={message.channel}>
                  Replay
                </ActionButton>
              )}
              <ActionButton act="drop-letter" of={message.channel} isRisky>
                Drop
              </ActionButton>
            </ActionForm>,
          ])}
          empty="No message was given up. One that no worker could deliver lands here, to be replayed or dropped."
        />
        {count > letters.length && letters.length > 0 && (
          <p class="pager">
            <a href={`/admin/dead-letters?group=${encodeURIComponent(name)}&after=${letters.at(-1)?.id}`}>Later ones</a>
          </p>
        )}
      </Section>
    ))}
  </Page>
);
