import type { RawInteraction } from "../interaction/base.ts";

/** One stage of one interaction. `ms` counts I/O only when deployed, where the clock stands still in between. */
export interface Stage {
  /**
   * `admit`: guards, cooldown, duplicates and `load`. `run`: the handler. `late`: the answer after a deferral. `after`: work
   * put off until after the answer.
   */
  stage: "admit" | "run" | "late" | "after";
  /** The handler's name: `/poll`, `poll/vote/:choice<int>`. */
  handler: string;
  outcome: "ok" | "refused" | "duplicate" | "deferred" | "failed";
  ms: number;
}

/** One interaction that was answered, for logs and metrics. `ms` counts I/O only when deployed, as that of a `Stage` does. */
export interface Done {
  /** The handler's name, as that of a `Stage`; "unknown" where the bot has none for it. */
  handler: string;
  kind: "command" | "component" | "modal" | "autocomplete";
  outcome: "ok" | "refused" | "duplicate" | "failed";
  /** Until the first answer, which may be a deferral. */
  answerMs: number;
  /** Until the handler was done. */
  ms: number;
}

export interface Hooks<Services> {
  /** Told of a failure of a handler, a store, or work after the answer. Returns the reference that the person reads. */
  onError(error: unknown, interaction: RawInteraction, services: Services): string;
  /**
   * Returns the sentence that the person reads for a known failure. Default: "Something went wrong." The reference follows
   * it.
   */
  explain?(error: unknown): string | undefined;
  /** Told why an interaction reached no handler: none is declared for it, or its payload is unlike the declaration. */
  onMisfit?(reason: string, interaction: RawInteraction, services: Services): void;
  /** Told of every stage, for logs and metrics. */
  onStage?(stage: Stage, interaction: RawInteraction, services: Services): void;
  /** Told of every interaction but PING, once, when its handler is done. */
  onDone?(done: Done, interaction: RawInteraction, services: Services): void;
}
