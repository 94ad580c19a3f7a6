import type { Outgoing } from "../answer.ts";

/** The state of an interaction that runs once. */
export type Claim =
  /** This claim is the first: its delivery may run. */
  | { state: "first" }
  /** Another delivery holds the claim, and has no answer yet. */
  | { state: "running" }
  /** Another delivery gave this first answer. */
  | { state: "answered"; answer: Outgoing };

/** Keeps the first answers of interactions that run once, where every isolate sees them. */
export interface AnswerStore {
  /** Claims an interaction. Of any number of claims one gets `first`. Rejects when it cannot know. */
  claim(interactionId: string): Promise<Claim>;
  /** Keeps the answer of the delivery that holds the claim. */
  keep(interactionId: string, answer: Outgoing): Promise<void>;
}
