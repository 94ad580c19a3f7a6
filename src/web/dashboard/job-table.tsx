/** @jsxImportSource hono/jsx */
import type { UpcomingJob } from "../status/fleet-status.ts";
import { shownJson } from "./format.ts";
import type { PageContext } from "./layout.tsx";
import { ActionButton, ActionForm, Table, Time } from "./parts.tsx";

export type ShownJob = Pick<UpcomingJob, "id" | "kind" | "owner" | "dueAt" | "attempts"> &
  Partial<Omit<UpcomingJob, "id">> & { data?: unknown };

/** The kind of a job, over its id and its data where they are known. */
export const JobKind = ({ job }: { job: { id: string; kind: string; data?: unknown } }) => (
  <>
    {job.kind}
    {job.data !== undefined && (
      <details>
        <summary>Data</summary>
        <pre>{`${job.id}\n${shownJson(job.data)}`}</pre>
      </details>
    )}
  </>
);

/** Jobs that wait, each with what can be done about it. */
export const JobTable = ({ jobs, context, now }: { jobs: readonly ShownJob[]; context: PageContext; now: number }) => (
  <Table
    label="Jobs, the next due first"
    columns={["Kind", "Owner", "Due", "State", "Do"]}
    rows={jobs.map((job) => {
      const name = `${job.kind} of ${job.owner}`;
      return [
        <JobKind job={job} />,
        <code>{job.owner}</code>,
        <>
          <Time at={job.dueAt} now={now} />
          {job.every && <div class="note">{`${job.every.cron} in ${job.every.zone}`}</div>}
        </>,
        <State job={job} now={now} />,
        // Enter in a field presses the first button of its form.
        <div class="acts">
          <ActionForm {...context} fields={{ id: job.id }}>
            <ActionButton act="run-job" of={name}>
              Run now
            </ActionButton>
            <ActionButton act="cancel-job" of={name} isRisky>
              Cancel
            </ActionButton>
          </ActionForm>
          <ActionForm {...context} fields={{ id: job.id }}>
            <input type="datetime-local" name="at" aria-label={`New time of ${name}, UTC`} required />
            <ActionButton act="move-job" of={name}>
              Move
            </ActionButton>
          </ActionForm>
        </div>,
      ];
    })}
    empty="No job waits. /remind makes one."
  />
);

// --- Internal helpers ---

const lateMs = 30_000;

const State = ({ job, now }: { job: ShownJob; now: number }) => (
  <>
    {job.isRunning ? (
      "running"
    ) : job.dueAt < now - lateMs ? (
      <span class="bad">late</span>
    ) : job.dueAt <= now ? (
      "due"
    ) : (
      "waits"
    )}
    {job.attempts > 0 && `, tried ${job.attempts} times`}
    {job.isOrphaned && <div class="bad">no feature handles it</div>}
    {(job.failures ?? 0) > 0 && <div class="bad">{`failed ${job.failures} times: ${job.problem ?? ""}`}</div>}
  </>
);
