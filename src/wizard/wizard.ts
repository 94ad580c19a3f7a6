import type { Declared, Guard, Interaction, Reply } from "../discord/index.ts";
import { createFlow, type Flow } from "./flow.ts";
import { declareHandlers, type WizardHandlers } from "./handlers.ts";
import type { WizardOptions, WizardServices } from "./options.ts";
import { wizardKind } from "./state.ts";
import { createStepKit } from "./step.ts";

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
  <Draft, const Guards extends readonly Guard<Services>[] = readonly Guard<Services>[]>(
    options: WizardOptions<Draft, Services, Guards>,
  ): Wizard<Draft, Services> => {
    const { ttlMs = 24 * 60 * 60_000, guards = [] } = options;
    const steps = options.steps(createStepKit<Draft>());
    const kind = wizardKind({ ...options, ttlMs });
    const flowOf = (services: Services): Flow<Draft> => createFlow({ ...options, ...declared, steps, kind }, services);
    const declared: WizardHandlers<Draft, Services> = declareHandlers(options.name, steps, guards, flowOf);
    return {
      handlers: declared.handlers,
      begin: (interaction, services, { draft, isAnew = false }) => flowOf(services).begin(interaction, draft, isAnew),
    };
  };
