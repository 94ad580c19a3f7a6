import type { Outgoing } from "../answer.ts";

/** What is known of an interaction that may run once only. */
export type Claim =
  /** Nobody has it yet: run. */
  | { state: "first" }
  /** It was delivered before and still runs. */
  | { state: "running" }
  /** It was delivered before, and this was its first answer. */
  | { state: "answered"; answer: Outgoing };

/** Keeps first answers where every isolate sees them. */
export interface AnswerStore {
  /** Claims the interaction; asked in the same tick as what the handler loads, so that both share a round trip. */
  claim(interactionId: string): Promise<Claim>;
  keep(interactionId: string, answer: Outgoing): Promise<void>;
}
