import type { Outgoing } from "../answer.ts";
import { callbackType } from "../constants.ts";
import type { Choice, Suggestions } from "../declare/option.ts";
import { askGuards } from "../guards/ask.ts";
import type { Guard } from "../guards/guard.ts";
import { BaseInteraction, type RawInteraction } from "../interaction/base.ts";
import { cut } from "../text.ts";
import type { RouterServices } from "./services.ts";
import type { Typed } from "./table.ts";

const max = { choices: 25, name: 100, value: 100 };

/**
 * Returns choices for the option that is being typed: none where a guard refuses. Choices for which Discord would refuse the
 * whole list are shortened or left out.
 */
export async function suggest<Services extends RouterServices>(
  { entry, declared, given }: Typed<Services>,
  guards: readonly Guard<Services>[],
  raw: RawInteraction,
  services: Services,
): Promise<Outgoing> {
  const focused = given.find((option) => option.focused);
  const option = declared.find(({ name }) => name === focused?.name);
  if (!focused || !option || !("autocomplete" in option) || !option.autocomplete) return choices([]);
  const options = Object.fromEntries(given.map(({ name, value }) => [name, value ?? ""]));
  const interaction = Object.assign(new BaseInteraction(raw, services.clock), { options });
  const refused = await askGuards([...guards, ...(entry.behaviour.guards ?? [])], interaction, services);
  if (refused !== undefined) return choices([]);
  return choices(await option.autocomplete(String(focused.value ?? ""), interaction, services));
}

/** Returns choices as an answer. For an empty list, as after an error, Discord shows "no options match". */
export const choices = (suggestions: Suggestions<string | number>): Outgoing => ({
  type: callbackType.choices,
  data: { choices: suggestions.slice(0, max.choices).flatMap(toChoice) },
});

function toChoice(suggestion: string | number | Choice): Choice[] {
  const choice = typeof suggestion === "object" ? suggestion : { name: String(suggestion), value: suggestion };
  const name = cut(choice.name, max.name);
  const isFit = name !== "" && (typeof choice.value === "number" || choice.value.length <= max.value);
  return isFit ? [{ ...choice, name }] : [];
}
