import { type APIMessage, ComponentType as Type } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { type Fields, isFields, textOf } from "../validate/checks.ts";
import { walk } from "../validate/components.ts";
import { findEntities } from "./entities.ts";
import { LineError } from "./line-error.ts";
import { type Asker, resolveIds } from "./resolve.ts";

/** Selects one of a message's components. Without a field it selects the only one of its kind. */
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

/** Returns the `data` of a click on a button. Throws a `LineError` for a button that sends nothing. */
export function clickData(message: APIMessage, which: Which): object {
  const buttons = componentsOf(message).filter(({ type }) => type === Type.Button);
  const button = pick(buttons, which, "button");
  const name = nameOf(button);
  if (button["style"] === linkStyle) throw new LineError(`The button "${name}" is a link and sends nothing.`);
  if (button["style"] === premiumStyle) throw new LineError("A premium button opens Discord's shop and sends nothing.");
  if (button["disabled"]) throw new LineError(`The button "${name}" is disabled.`);
  return { custom_id: button["custom_id"], component_type: Type.Button, id: button["id"] };
}

/** Returns the `data` of a choice in a menu, by labels or values, names or IDs. */
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

/** Returns whether a message has a menu, or a button of this name. */
export const hasMenu = (message: APIMessage): boolean => componentsOf(message).some(({ type }) => selects.has(type));
export const hasButton = (message: APIMessage, name: string): boolean =>
  componentsOf(message).some((one) => one["type"] === Type.Button && nameOf(one) === name);

/** Returns `1 choice`, `0 choices` or `1 to 3 choices`. */
export const amount = (min: number, max: number, noun: string): string =>
  `${min === max ? min : `${min} to ${max}`} ${noun}${min === 1 && max === 1 ? "" : "s"}`;

/** Returns the values of the chosen options. Throws a `LineError` for too few, too many, or unknown ones. */
export function chooseValues(context: Context, { guild }: Asker, menu: Fields, chosen: readonly string[]): string[] {
  const min = Number(menu["min_values"] ?? 1);
  const max = Number(menu["max_values"] ?? 1);
  if (chosen.length < min || chosen.length > max) {
    throw new LineError(`The menu "${nameOf(menu)}" takes ${amount(min, max, "choice")}, not ${chosen.length}.`);
  }
  return eachOnce(
    menu["type"] === Type.StringSelect ? optionValues(menu, chosen) : findEntities(context, guild, menu, chosen),
  );
}

// --- Internal helpers ---

function optionValues(menu: Fields, chosen: readonly string[]): string[] {
  const options = menu["options"] as { label: string; value: string }[];
  return chosen.map((name) => {
    const option = options.find(({ value }) => value === name) ?? options.find(({ label }) => label === name);
    if (option) return option.value;
    throw new LineError(`The menu has no option "${name}". It has: ${options.map(({ label }) => label).join(", ")}.`);
  });
}

function eachOnce(values: string[]): string[] {
  if (new Set(values).size < values.length) throw new LineError("An option cannot be chosen twice.");
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
  if (found.length > 1) throw new LineError(`Which ${kind}? The message has: ${names}.`);
  const wanted = customId ?? label ?? placeholder;
  const missing = wanted === undefined ? kind : `${kind} "${wanted}"`;
  throw new LineError(`The message has no ${missing}.${names === "" ? "" : ` It has: ${names}.`}`);
}
