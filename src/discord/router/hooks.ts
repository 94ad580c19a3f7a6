import type { RawInteraction } from "../interaction/base.ts";

/**
 * One stage of one interaction. `ms` is as the clock saw it: deployed, it stands still between I/O, so that only waiting
 * counts.
 */
export interface Stage {
  /** `admit`: guards, cooldown, duplicates and `load`. `run`: the handler. `late`: what came after a deferral. */
  stage: "admit" | "run" | "late" | "after";
  /** `/poll`, `poll/vote/:choice<int>`: what was called. */
  handler: string;
  outcome: "ok" | "refused" | "duplicate" | "deferred" | "failed";
  ms: number;
}

export interface Hooks<Services> {
  /** Told of a failure in a handler or after it; gives back the reference that the person is shown. */
  onError(error: unknown, interaction: RawInteraction, services: Services): string;
  /** What the person reads of a failure that is known, instead of "Something went wrong."; the reference follows. */
  explain?(error: unknown): string | undefined;
  /** Told of every stage, for logs and metrics. */
  onStage?(stage: Stage, interaction: RawInteraction, services: Services): void;
}
