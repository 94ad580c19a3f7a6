import type { AdminServices } from "../services.ts";
import type { Action, ActionInput, ActionResult } from "./action.ts";
import { noteAction } from "./audit.ts";
import { cancelJob, dropJobs, moveJob, reviveJobs, runJob } from "./jobs.ts";
import { dropLetters, replayLetters } from "./letters.ts";
import { endLogin, endSessions, invalidateCache } from "./memory.ts";

/** All that can be done under `/admin`, by name. */
const actions = {
  "replay-letter": replayLetters,
  "drop-letter": dropLetters,
  "revive-job": reviveJobs,
  "drop-job": dropJobs,
  "run-job": runJob,
  "move-job": moveJob,
  "cancel-job": cancelJob,
  invalidate: invalidateCache,
  "end-sessions": endSessions,
  "end-login": endLogin,
} satisfies Record<string, Action>;

export type ActionName = keyof typeof actions;

/** Returns whether a text names an action. */
export const isActionName = (name: string): name is ActionName => Object.hasOwn(actions, name);

/** What became of an action, and where the audit has it; without `auditId` where it could not be written. */
export type Acted = ActionResult & { auditId?: string };

/**
 * Does an action for someone. What was done is in the audit, and a failure half-way as well.
 * Cost: the action's, and 2 commands, 1 round trip for the audit.
 */
export async function act(services: AdminServices, who: string, name: ActionName, input: ActionInput): Promise<Acted> {
  const action: Action = actions[name];
  let result: ActionResult;
  try {
    result = await action(services, input);
  } catch (error) {
    const text = `Failed, perhaps half-way: ${services.explain(error) ?? "the log says why"}`;
    await noteAction(services, { who, action: name, text, count: 0 }).catch(() => {});
    throw error;
  }
  if (result.is !== "done") return result;
  const { text, count } = result;
  try {
    return { ...result, auditId: await noteAction(services, { who, action: name, text, count }) };
  } catch {
    // An answer that it failed would have it done again.
    return { ...result, text: `${text} The audit could not be written.` };
  }
}
