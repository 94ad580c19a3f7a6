import type { DeadJob } from "../../jobs/index.ts";
import type { AdminServices } from "../services.ts";
import { type Action, counted, done, invalid, keptRequests, missing, unconfirmed } from "./action.ts";

/** Has a job run now, unless it does. Cost: 8 commands, 3 round trips, and what the job costs. */
export const runJob: Action = async ({ jobs }, { id = "" }) => {
  const job = await jobs.get(id);
  const started = job && (await jobs.start(id, job.owner));
  if (started === "running") return invalid("This job is running already.");
  return started ? done(1, `A ${started.kind} job runs now.`) : missing(gone);
};

/** Moves a job to `at`, an instant in ISO 8601; without a zone it is UTC. Cost: 7 commands, 3 round trips. */
export const moveJob: Action = (services, { id = "", at = "" }) => {
  const time = instantIn(at);
  if (time === undefined || time < services.clock.now() - 60_000) {
    return Promise.resolve(invalid("Give a time to come, such as 2026-12-24T18:00, in UTC."));
  }
  const shown = new Date(time).toISOString().slice(0, 16).replace("T", " ");
  return move(services, id, time, (kind) => `A ${kind} job was moved to ${shown} UTC.`);
};

/** Removes a job. A run that has begun goes on. Cost: 5 commands, 2 round trips. */
export const cancelJob: Action = async ({ jobs }, { id = "" }) => {
  const job = await jobs.get(id);
  const isCancelled = job !== undefined && (await jobs.cancel(id, job.owner));
  return isCancelled ? done(1, `A ${job.kind} job was cancelled.`) : missing(gone);
};

/** Has a dead job tried again, now, or all of them. Cost: 8 commands, 2 round trips for each; 50 share the round trips. */
export const reviveJobs: Action = (services, input) =>
  forDead(services, input, {
    question: (count) => `Try ${counted(count, "dead job")} again, now?`,
    // A recurring job may have been scheduled anew under its id.
    act: async ({ job }) => (await services.jobs.revive(job.id, job.owner)) !== undefined,
    one: "A dead job is tried again.",
    all: (count) => `${counted(count, "dead job")} tried again.`,
  });

/** Forgets a dead job, or all of them. Cost: 2 commands, 1 round trip for each; 50 share the round trip. */
export const dropJobs: Action = (services, input) =>
  forDead(services, input, {
    question: (count) => `Drop ${counted(count, "dead job")}?`,
    act: ({ job }) => services.jobs.drop(job.id, job.owner),
    one: "A dead job was dropped.",
    all: (count) => `${counted(count, "dead job")} dropped.`,
  });

// --- Internal helpers ---

const gone = "There is no such job: it is done, cancelled or given up.";
const goneDead = "This dead job is gone: it was tried again or dropped already.";
const pageSize = 50;

/** Returns a date and time of ISO 8601 in epoch milliseconds. `Date.parse` alone takes other texts as well, and 31 February. */
function instantIn(text: string): number | undefined {
  const [, local, zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?$/i.exec(text.trim()) ?? [];
  if (local === undefined) return undefined;
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 10) !== local.slice(0, 10)) return undefined;
  const time = Date.parse(`${local}${zone ?? "Z"}`);
  return Number.isNaN(time) ? undefined : time;
}

async function move(
  { jobs }: AdminServices,
  id: string,
  at: number,
  text: (kind: string) => string,
): ReturnType<Action> {
  const job = await jobs.get(id);
  const moved = job && (await jobs.snooze(id, job.owner, at));
  return moved ? done(1, text(moved.kind)) : missing(gone);
}

interface DeadWork {
  question(count: number): string;
  act(dead: Pick<DeadJob, "job">): Promise<boolean>;
  one: string;
  all(count: number): string;
}

const forDead = async (
  services: AdminServices,
  input: Parameters<Action>[1],
  { question, act, one, all }: DeadWork,
): ReturnType<Action> => {
  const { jobs } = services;
  const { id, owner } = input;
  if (id !== undefined && owner !== undefined) {
    const dead = (await jobs.dead(owner)).find(({ job }) => job.id === id);
    return dead && (await act(dead)) ? done(1, one) : missing(goneDead);
  }
  if (id !== undefined) return invalid("Name the owner of the job as well.");
  const { total } = await jobs.deadPage({ count: 1 });
  if (total === 0) return missing("There are no dead jobs.");
  const asked = unconfirmed(input, total, question(total));
  if (asked) return asked;
  let [acted, kept] = [0, 0];
  while (acted + kept < total && services.left() > keptRequests) {
    const { dead } = await jobs.deadPage({ from: kept, count: Math.min(pageSize, total - acted - kept) });
    if (dead.length === 0) break;
    const results = await Promise.allSettled(dead.map(act));
    const ended = results.filter((result) => result.status === "fulfilled" && result.value).length;
    acted += ended;
    kept += dead.length - ended;
  }
  const left = total - acted;
  return done(acted, left > 0 ? `${all(acted).slice(0, -1)}; ${left.toLocaleString("en-GB")} are left.` : all(acted));
};
