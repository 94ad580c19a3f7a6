import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { EnsuredBy, Guard, Interaction, RouterServices } from "../discord/index.ts";
import type { Sessions } from "../sessions/index.ts";
import type { Step, StepKit } from "./step.ts";

/** The part of the handlers' services that a wizard uses. */
export interface WizardServices extends RouterServices {
  readonly sessions: Sessions;
}

/** The declaration of a wizard. */
export interface WizardOptions<
  Draft,
  Services,
  Guards extends readonly Guard<Services>[] = readonly Guard<Services>[],
> {
  /** Letters, digits and dashes. Begins its custom_ids, and names its kind of session. */
  name: string;
  /** Above every step. */
  title: string;
  /** The command that begins it, for people: `/setup`. */
  command: string;
  /** Checks a draft, also one with steps still to come: their fields are optional. */
  schema: StandardSchemaV1<unknown, Draft>;
  /** Asked at every click and form, besides the feature's. Default: none. */
  guards?: Guards;
  /** Returns the steps, in their order. */
  steps(kit: StepKit<Draft>): readonly Step<Draft>[];
  /** Returns all that was entered, in Discord's Markdown. */
  review(draft: Draft): string;
  /** Saves the draft, and returns the sentence that the person reads. When it throws, the draft stays: it may run twice. */
  save(draft: Draft, interaction: Interaction & EnsuredBy<Guards>, services: Services): Promise<string>;
  /** How long a draft lives after each step, in milliseconds. Default: 86,400,000, a day. */
  ttlMs?: number;
  /** Raise it when the schema changes. Default: 1. */
  version?: number;
  /** Returns a draft of an older version in the shape of the schema. Default: such drafts are ended. */
  migrate?(draft: unknown, version: number): unknown;
}
