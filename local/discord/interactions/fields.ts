import { ComponentType as Type } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { type Fields, isFields, lengthOf } from "../validate/checks.ts";
import { amount, chooseValues } from "./components.ts";
import { LineError } from "./line-error.ts";
import type { Asker } from "./resolve.ts";

/** A field of a form: its component, and the label above it. */
export interface Field {
  label: string;
  component: Fields;
}

/**
 * Returns the fields in one row of a form: a labelled component, the text inputs of an action row, or none for text.
 */
export function fieldsIn({ label, component, components }: Fields): Field[] {
  if (isFields(component)) return [{ label: String(label), component }];
  if (!Array.isArray(components)) return [];
  return (components as Fields[]).map((inner) => ({ label: String(inner["label"]), component: inner }));
}

/** Returns what a field submits for an entered value. Throws a `LineError` for one that Discord's client refuses. */
export function valueOf(context: Context, asker: Asker, field: Field, given: unknown): object {
  const { component, label } = field;
  const isRequired = component["required"] !== false;
  // A field left out keeps the value it shows; `null` empties it.
  const list = given === undefined ? defaultsOf(component) : [given ?? []].flat().map(String);
  switch (component["type"]) {
    case Type.TextInput:
      return {
        value: enteredText(field, given === undefined ? (component["value"] ?? "") : (given ?? ""), isRequired),
      };
    case Type.Checkbox:
      return { value: given === undefined ? component["default"] === true : given === true || given === "true" };
    case Type.RadioGroup:
      if (list.length > 1) throw new LineError(`"${label}" takes one choice, not ${list.length}.`);
      if (list.length === 0 && isRequired) throw new LineError(`"${label}" needs a choice.`);
      return { value: optionValues(field, list)[0] ?? null };
    case Type.CheckboxGroup:
      checkCount(field, list.length, (component["options"] as unknown[]).length);
      return { values: optionValues(field, list) };
    default:
      checkCount(field, list.length, 1);
      return { values: list.length === 0 ? [] : chooseValues(context, asker, component, list) };
  }
}

/** Throws a `LineError` for too few or too many. A field that is not required may stay empty, whatever its minimum. */
export function checkCount({ label, component }: Field, count: number, defaultMax: number, noun = "choice"): void {
  const isRequired = component["required"] !== false;
  const min = Number(component["min_values"] ?? (isRequired ? 1 : 0));
  const max = Number(component["max_values"] ?? defaultMax);
  if (count === 0 && !isRequired) return;
  if (count < min || count > max) throw new LineError(`"${label}" takes ${amount(min, max, noun)}, not ${count}.`);
}

// --- Internal helpers ---

function enteredText({ label, component }: Field, given: unknown, isRequired: boolean): string {
  const text = String(given);
  const min = Number(component["min_length"] ?? (isRequired ? 1 : 0));
  const max = Number(component["max_length"] ?? 4_000);
  const { length } = Array.from(text);
  if (isRequired && lengthOf(text) === 0) throw new LineError(`"${label}" must be filled in.`);
  if (length > 0 && (length < min || length > max)) {
    throw new LineError(`"${label}" takes ${amount(min, max, "character")}, not ${length}.`);
  }
  return text;
}

function defaultsOf({ options, default_values }: Fields): string[] {
  const chosen = (options ?? []) as { value: string; default?: boolean }[];
  const entities = (default_values ?? []) as { id: string }[];
  return [...chosen.filter((one) => one.default).map(({ value }) => value), ...entities.map(({ id }) => id)];
}

function optionValues({ label, component }: Field, chosen: readonly string[]): string[] {
  const options = component["options"] as { label: string; value: string }[];
  return chosen.map((name) => {
    const option = options.find(({ value }) => value === name) ?? options.find((one) => one.label === name);
    if (option) return option.value;
    throw new LineError(`"${label}" has no option "${name}". It has: ${options.map((one) => one.label).join(", ")}.`);
  });
}
