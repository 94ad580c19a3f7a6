import type { APIUser } from "discord-api-types/v10";
import type { Outgoing } from "../answer.ts";
import { callbackType } from "../constants.ts";
import type { Choice, Option, Suggestions } from "../declare/option.ts";
import type { AutocompleteInteraction, RawInteraction } from "../interaction/interaction.ts";
import type { RawOption } from "../interaction/read-options.ts";

const max = { choices: 25, name: 100, value: 100 };

/** Choices for the option that is being typed. What Discord would refuse the whole list for is cut or left out. */
export async function suggest<Services>(
  { declared, given }: { declared: readonly Option<Services>[]; given: readonly RawOption[] },
  raw: RawInteraction,
  services: Services,
): Promise<Outgoing> {
  const focused = given.find((option) => option.focused);
  const option = declared.find(({ name }) => name === focused?.name);
  if (!focused || !option || !("autocomplete" in option) || !option.autocomplete) return choices([]);
  const interaction: AutocompleteInteraction = {
    raw,
    user: (raw.member?.user ?? raw.user) as APIUser,
    guildId: raw.guild_id,
    options: Object.fromEntries(given.map(({ name, value }) => [name, value ?? ""])),
  };
  return choices(await option.autocomplete(String(focused.value ?? ""), interaction, services));
}

/** Discord shows "no options match" for an empty list; that is all an error can be here. */
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

/** Cuts between characters, not within one. */
const cut = (text: string, length: number): string =>
  text.length <= length
    ? text
    : `${Array.from(text)
        .slice(0, length - 1)
        .join("")}…`.slice(0, length);
