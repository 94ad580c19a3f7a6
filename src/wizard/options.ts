import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { EnsuredBy, Guard, Interaction, RouterServices } from "../discord/index.ts";
import type { Sessions } from "../sessions/index.ts";
import type { Step, StepKit } from "./step.ts";

/** What a wizard needs of the services that handlers get. */
export interface WizardServices extends RouterServices {
  readonly sessions: Sessions;
}

export interface WizardOptions<
  Draft,
  Services,
  Guards extends readonly Guard<Services>[] = readonly Guard<Services>[],
> {
  /** Its custom_ids begin with it, and its sessions are of this kind: letters, digits and dashes. */
  name: string;
  title: string;
  /** How to begin, for people: `/setup`. */
  command: string;
  /** Of what is entered step by step: whatever is not there at first is optional in it. */
  schema: StandardSchemaV1<unknown, Draft>;
  /** Asked at every click and form. Default: none. */
  guards?: Guards;
  steps(kit: StepKit<Draft>): readonly Step<Draft>[];
  /** Everything that was entered, in Discord's Markdown. */
  review(draft: Draft): string;
  /** Does what the wizard is for, and says so. When it fails, the draft is kept for another try: what it does may be done twice. */
  save(draft: Draft, interaction: Interaction & EnsuredBy<Guards>, services: Services): Promise<string>;
  /** How long it waits for the next step. Default: a day. */
  ttlMs?: number;
  /** Raised when the schema changes; `migrate` makes drafts of older versions fit. */
  version?: number;
  migrate?(draft: unknown, version: number): unknown;
}
