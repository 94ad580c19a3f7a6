import { type Callback, createKit, type Declared, type Guard } from "../discord/index.ts";
import type { Flow, Position } from "./flow.ts";
import type { WizardServices } from "./options.ts";
import type { ActionIds } from "./show.ts";
import type { Step } from "./step.ts";

/** A wizard's handlers for the router, and the custom_ids that lead back to them. */
export interface WizardHandlers<Draft, Services> {
  handlers: readonly Declared<Services>[];
  idsFor(position: Position): ActionIds;
  /** Returns `undefined` for a step without a form. */
  openForm(step: Step<Draft>, position: Position, draft: Draft): Callback | undefined;
}

/**
 * Declares one handler for the buttons that go on, one for those that end it, one for each kind of menu, and one for each form, however many steps a wizard has.
 */
export function declareHandlers<Draft, Services extends WizardServices>(
  name: string,
  steps: readonly Step<Draft>[],
  guards: readonly Guard<Services>[] | undefined,
  flowOf: (services: Services) => Flow<Draft>,
): WizardHandlers<Draft, Services> {
  const { component, modal } = createKit<Services>();
  // Left out where the wizard has none: the feature has to say then who may click.
  const guarding = guards && { guards };

  const go = component({
    id: `${name}/go/:to<back|next|form>/:step<int>/:revision<int>/:session`,
    ...guarding,
    run(interaction, services) {
      const { to, ...from } = interaction.params as Position & { to: "back" | "next" | "form" };
      const flow = flowOf(services);
      switch (to) {
        case "back":
          return flow.move(interaction, from, -1);
        case "next":
          return flow.move(interaction, from, 1);
        case "form":
          return flow.fill(interaction, from);
      }
    },
  });

  const end = component({
    id: `${name}/end/:by<cancel|save>/:step<int>/:revision<int>/:session`,
    ...guarding,
    // The draft is gone afterwards: a second delivery of the click would be told that it is over, instead of what was done.
    once: true,
    run(interaction, services) {
      const { by, ...from } = interaction.params as Position & { by: "cancel" | "save" };
      const flow = flowOf(services);
      return by === "save" ? flow.save(interaction, from) : flow.cancel(interaction, from);
    },
  });

  const types = new Set(steps.flatMap(({ part }) => (part.kind === "menu" ? [part.type] : [])));
  const picks = new Map(
    [...types].map((type) => [
      type,
      component({
        id: `${name}/pick-${type}/:step<int>/:revision<int>/:session`,
        type,
        ...guarding,
        run: (interaction, services) => {
          const from = { ...(interaction.params as Position) };
          const part = steps[from.step]?.part;
          // Another kind of step cannot take these values: it is no step of theirs.
          if (part?.kind !== "menu" || part.type !== type) from.step = -1;
          return flowOf(services).take(interaction, from, interaction.values);
        },
      }),
    ]),
  );

  const forms = new Map(
    steps.flatMap((step, index) => {
      const { part } = step;
      if (part.kind !== "form") return [];
      const form = modal({
        id: `${name}/form-${step.name}/:revision<int>/:session`,
        title: step.title,
        fields: part.fields,
        ...guarding,
        run: (interaction, services) => {
          const { revision, session } = interaction.params as Omit<Position, "step">;
          return flowOf(services).take(interaction, { step: index, revision, session }, interaction.fields);
        },
      });
      return [[step.name, { form, fill: part.fill }] as const];
    }),
  );

  return {
    handlers: [go, end, ...picks.values(), ...[...forms.values()].map(({ form }) => form)],
    idsFor: (position) => ({
      go: (to) => go.id({ to, ...position }),
      end: (by) => end.id({ by, ...position }),
      pick: (type) => picks.get(type)?.id({ ...position }) ?? "",
    }),
    openForm(step, { session, revision }, draft) {
      const known = forms.get(step.name);
      return known?.form.show({ session, revision }, known.fill(draft));
    },
  };
}
