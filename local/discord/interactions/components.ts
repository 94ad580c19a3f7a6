import { type APIMessage, ComponentType as Type } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { type Fields, isFields, textOf } from "../validate/checks.ts";
import { walk } from "../validate/components.ts";
import { findEntities } from "./entities.ts";
import { LineError } from "./line-error.ts";
import { type Asker, resolveIds } from "./resolve.ts";

/** Which of a message's components is meant; the only one of its kind when nothing is said. */
export interface Which {
  customId?: string;
  label?: string;
  placeholder?: string;
}

const premiumStyle = 6;
const linkStyle = 5;
const selects = new Set<unknown>([
  Type.StringSelect,
  Type.UserSelect,
  Type.RoleSelect,
  Type.MentionableSelect,
  Type.ChannelSelect,
]);

/** A click on a button, as the person's client would send it, or why it would not. */
export function clickData(message: APIMessage, which: Which): object {
  const buttons = componentsOf(message).filter(({ type }) => type === Type.Button);
  const button = pick(buttons, which, "button");
  const name = nameOf(button);
  if (button["style"] === linkStyle) throw new LineError(`The button "${name}" is a link: it sends nothing.`);
  if (button["style"] === premiumStyle) throw new LineError("A premium button opens Discord's shop: it sends nothing.");
  if (button["disabled"]) throw new LineError(`The button "${name}" is disabled.`);
  return { custom_id: button["custom_id"], component_type: Type.Button, id: button["id"] };
}

/** A choice in a menu: labels or values, names or ids. */
export function selectData(
  context: Context,
  asker: Asker,
  message: APIMessage,
  which: Which,
  chosen: readonly string[],
): object {
  const menus = componentsOf(message).filter(({ type }) => selects.has(type));
  const menu = pick(menus, which, "menu");
  if (menu["disabled"]) throw new LineError(`The menu "${nameOf(menu)}" is disabled.`);
  const values = chooseValues(context, asker, menu, chosen);
  const resolved = resolveIds(context, asker, Number(menu["type"]), values);
  return {
    custom_id: menu["custom_id"],
    component_type: menu["type"],
    id: menu["id"],
    values,
    ...(resolved && { resolved }),
  };
}

/** The values behind what a person picked in a menu; checks how many, and whether they are there to be picked. */
export function chooseValues(context: Context, { guild }: Asker, menu: Fields, chosen: readonly string[]): string[] {
  const min = Number(menu["min_values"] ?? 1);
  const max = Number(menu["max_values"] ?? 1);
  if (chosen.length < min || chosen.length > max) {
    throw new LineError(
      `The menu "${nameOf(menu)}" takes ${min === max ? min : `${min} to ${max}`}, not ${chosen.length}.`,
    );
  }
  return eachOnce(
    menu["type"] === Type.StringSelect ? optionValues(menu, chosen) : findEntities(context, guild, menu, chosen),
  );
}

// --- Internal helpers ---

function optionValues(menu: Fields, chosen: readonly string[]): string[] {
  const options = (menu["options"] ?? []) as { label: string; value: string }[];
  return chosen.map((name) => {
    const option = options.find(({ label, value }) => label === name || value === name);
    if (option) return option.value;
    throw new LineError(`There is no "${name}" to choose. There are: ${options.map(({ label }) => label).join(", ")}.`);
  });
}

function eachOnce(values: string[]): string[] {
  if (new Set(values).size < values.length) throw new LineError("The same cannot be chosen twice.");
  return values;
}

const componentsOf = ({ components }: APIMessage): Fields[] => walk(components).map(({ component }) => component);

export const nameOf = ({ label, placeholder, custom_id, emoji }: Fields): string =>
  [label, placeholder, isFields(emoji) ? emoji["name"] : undefined, custom_id].map(textOf).find((one) => one !== "") ??
  "";

function pick(all: readonly Fields[], { customId, label, placeholder }: Which, kind: string): Fields {
  const isMeant = (one: Fields) =>
    customId === undefined ? nameOf(one) === (label ?? placeholder ?? nameOf(one)) : one["custom_id"] === customId;
  const found = all.filter(isMeant);
  const [only] = found;
  if (only && (found.length === 1 || label !== undefined)) return only;
  const names = all.map((one) => `"${nameOf(one)}"`).join(", ");
  if (found.length > 1) throw new LineError(`Which ${kind}? There are: ${names}.`);
  const said = customId ?? label ?? placeholder;
  const what = said === undefined ? `no ${kind}` : `no ${kind} "${said}"`;
  throw new LineError(`The message has ${what}.${names === "" ? "" : ` There are: ${names}.`}`);
}
