import type { Invocation } from "../../invocation.ts";
import type { Job } from "../../jobs/index.ts";
import { createRunner } from "./runner.ts";

/** Pumps are told of jobs due before they look by themselves. */
export const soonChannel = "jobs.soon";

/** A Worker goes on for 30 s behind its answer. */
const ownMs = 25_000;
/** A little more than pumps go without a look. */
const soonMs = 180_000;

/**
 * Sees to it that a job that was just put in is run in time, though no pump has looked since: what is due within 25 s by this
 * invocation itself, behind its answer; what is due within three minutes is told to the pumps. 0 or 1 command, and what the
 * run costs.
 */
export function seeToIt(invocation: Invocation, { dueAt }: Job, isForLeader = false): void {
  const waitMs = dueAt - invocation.now();
  if (waitMs > soonMs) return;
  if (waitMs > ownMs || isForLeader) {
    invocation.waitUntil(invocation.pubsub.publish(soonChannel, { dueAt }));
    return;
  }
  invocation.waitUntil(runAt(invocation, waitMs));
}

async function runAt(invocation: Invocation, waitMs: number): Promise<void> {
  await invocation.sleep(Math.max(0, waitMs));
  await createRunner(invocation).run();
}
