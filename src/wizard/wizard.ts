import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Declared, Interaction, Reply, RouterServices } from "../discord/index.ts";
import type { Sessions } from "../sessions/index.ts";
import { createFlow, type Flow } from "./flow.ts";
import { declareHandlers, type WizardHandlers } from "./handlers.ts";
import { wizardKind } from "./state.ts";
import { createStepKit, type Step, type StepKit } from "./step.ts";

/** What a wizard needs of the services that handlers get. */
export interface WizardServices extends RouterServices {
  readonly sessions: Sessions;
}

export interface WizardOptions<Draft, Services> {
  /** Its custom_ids begin with it, and its sessions are of this kind: letters, digits and dashes. */
  name: string;
  title: string;
  /** How to begin, for people: `/setup`. */
  command: string;
  /** Of what is entered step by step: whatever is not there at first is optional in it. */
  schema: StandardSchemaV1<unknown, Draft>;
  steps(kit: StepKit<Draft>): readonly Step<Draft>[];
  /** Everything that was entered, in Discord's Markdown. */
  review(draft: Draft): string;
  /** Does what the wizard is for, and says so. When it fails, the draft is kept for another try: what it does may be done twice. */
  save(draft: Draft, interaction: Interaction, services: Services): Promise<string>;
  /** How long it waits for the next step. Default: a day. */
  ttlMs?: number;
  /** Raised when the schema changes; `migrate` makes drafts of older versions fit. */
  version?: number;
  migrate?(draft: unknown, version: number): unknown;
}

export interface Wizard<Draft, Services> {
  /** Its buttons, menus and forms, for the bot's list of handlers. */
  readonly handlers: readonly Declared<Services>[];
  /**
   * Shows the first step, or where the person left off in this place, unless they want to begin anew; for their eyes only. 2
   * commands in 2 round trips to resume, 2/1 more to begin.
   */
  begin(interaction: Interaction, services: Services, options: { draft: Draft; isAnew?: boolean }): Promise<Reply>;
}

/**
 * The function that declares wizards: steps with a way back and out, a review, and a draft that survives the isolate. A
 * message's custom_ids carry session, step and revision, so that a click on an older message, a second one, or somebody
 * else's changes nothing and says why. A step costs 2 commands in 2 round trips.
 */
export const createWizardKit =
  <Services extends WizardServices>() =>
  <Draft>(options: WizardOptions<Draft, Services>): Wizard<Draft, Services> => {
    const { ttlMs = 24 * 60 * 60_000 } = options;
    const steps = options.steps(createStepKit<Draft>());
    const kind = wizardKind({ ...options, ttlMs });
    const flowOf = (services: Services): Flow<Draft> => createFlow({ ...options, ...declared, steps, kind }, services);
    const declared: WizardHandlers<Draft, Services> = declareHandlers(options.name, steps, flowOf);
    return {
      handlers: declared.handlers,
      begin: (interaction, services, { draft, isAnew = false }) => flowOf(services).begin(interaction, draft, isAnew),
    };
  };
