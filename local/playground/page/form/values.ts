import type { FieldValue } from "../../protocol.ts";
import { defaultsOf } from "../components/choices.ts";
import { type Entered, type FieldView, fieldType, type Labelled } from "./form-view.ts";

/** Returns the value that a field shows before a person changes it. */
export function initialValue(field: FieldView): Entered {
  if (field.type === fieldType.text) return field.value ?? "";
  if (field.type === fieldType.checkbox) return field.default === true;
  if (field.type === fieldType.upload) return [];
  return defaultsOf(field);
}

/** Returns the sentence with which Discord's client refuses a value, if it does. */
export function refusalOf({ field }: Labelled, value: Entered): string | undefined {
  const isRequired = field.required !== false;
  if (typeof value === "boolean") return undefined;
  if (value.length === 0) return isRequired && field.min_values !== 0 ? "This field is required" : undefined;
  if (typeof value === "string") {
    const { min_length: min = 0, max_length: max = 4_000 } = field;
    if (value.length < min) return `Must be ${min} or more in length`;
    return value.length > max ? `Must be ${max} or fewer in length` : undefined;
  }
  const { min_values: min = 1, max_values: max = field.type === fieldType.checkboxes ? 10 : 1 } = field;
  if (value.length < min) return `Choose at least ${min}`;
  return value.length > max ? `Choose at most ${max}` : undefined;
}

/** Returns the fields of a submission, and the files to which they refer. */
export function toSubmission(fields: readonly Labelled[], values: ReadonlyMap<string, Entered>) {
  const files: Record<string, File> = {};
  const submitted = fields.map(({ field }) => {
    const value = values.get(field.custom_id) ?? initialValue(field);
    if (field.type === fieldType.radio) return [field.custom_id, (value as readonly string[])[0] ?? null];
    if (field.type !== fieldType.upload) return [field.custom_id, value];
    const names = (value as readonly File[]).map((file, index) => {
      const name = `${field.custom_id}:${index}`;
      files[name] = file;
      return name;
    });
    return [field.custom_id, names];
  });
  return { fields: Object.fromEntries(submitted) as Record<string, FieldValue>, files };
}
