import type { Declared, Guard, Interaction, Reply } from "../discord/index.ts";
import { createFlow, type Flow } from "./flow.ts";
import { declareHandlers, type WizardHandlers } from "./handlers.ts";
import type { WizardOptions, WizardServices } from "./options.ts";
import { wizardKind } from "./state.ts";
import { createStepKit } from "./step.ts";

/** A form of several steps. */
export interface Wizard<Draft, Services> {
  /** Its buttons, menus and forms, for the feature's handlers. */
  readonly handlers: readonly Declared<Services>[];
  /**
   * Returns the first step, or the one where the person left off in this server or conversation, for their eyes only.
   * `draft`: what a new wizard begins with. `isAnew`: whether to begin anew in any case. Default: false.
   * Cost: 2 commands, 2 round trips to resume; 2 commands, 1 round trip more to begin.
   */
  begin(interaction: Interaction, services: Services, options: { draft: Draft; isAnew?: boolean }): Promise<Reply>;
}

/**
 * Makes the function that declares wizards: steps with a way back and out, a review, and a draft that survives the isolate.
 * A message's custom_ids carry session, step and revision, so that a click on an older message, a second click, and one by
 * another person or from another server change nothing and say why.
 *
 * @example
 * const wizard = createWizardKit<Invocation>();
 * const order = wizard({
 *   name: "order",
 *   title: "Your order",
 *   command: "/order",
 *   schema: v.object({ size: v.optional(v.string()) }),
 *   steps: ({ menu }) => [
 *     menu({
 *       name: "size",
 *       title: "Size",
 *       text: "Which size?",
 *       type: "string-select",
 *       menu: () => ({ options: [{ label: "Small", value: "s" }, { label: "Large", value: "l" }] }),
 *       take: ([size], draft) => ({ ...draft, ...(size && { size }) }),
 *     }),
 *   ],
 *   review: ({ size }) => `**Size** ${size}`,
 *   save: async () => "Ordered.",
 * });
 * const begin = command({ name: "order", description: "Orders", run: (i, services) => order.begin(i, services, { draft: {} }) });
 *
 * Cost: 2 commands, 2 round trips for each step; 2 commands, 2 round trips more to end it, so that a click delivered twice ends
 * it once.
 */
export const createWizardKit =
  <Services extends WizardServices>() =>
  <Draft, const Guards extends readonly Guard<Services>[] = readonly Guard<Services>[]>(
    options: WizardOptions<Draft, Services, Guards>,
  ): Wizard<Draft, Services> => {
    const { ttlMs = 24 * 60 * 60_000, guards } = options;
    const steps = options.steps(createStepKit<Draft>());
    const kind = wizardKind({ ...options, ttlMs });
    const flowOf = (services: Services): Flow<Draft> => createFlow({ ...options, ...declared, steps, kind }, services);
    const declared: WizardHandlers<Draft, Services> = declareHandlers(options.name, steps, guards, flowOf);
    return {
      handlers: declared.handlers,
      begin: (interaction, services, { draft, isAnew = false }) => flowOf(services).begin(interaction, draft, isAnew),
    };
  };
