import type { APIModalSubmission } from "discord-api-types/v10";
import type { ModalField, ModalFields } from "../declare/values.ts";
import { isUpTo } from "../text.ts";
import { readValues } from "./read-component.ts";

interface Submitted {
  custom_id?: string;
  value?: string | boolean | null;
  values?: string[];
}

/** Returns a form's values by field; undefined when they do not fit the declaration: the form may be an older one. */
export function readFields(fields: ModalFields, { components, resolved }: APIModalSubmission) {
  const submitted = new Map<string | undefined, Submitted>();
  for (const row of components) {
    const inner: Submitted[] = "component" in row ? [row.component] : "components" in row ? row.components : [];
    for (const one of inner) submitted.set(one.custom_id, one);
  }
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (field.type === "display") continue;
    const given = submitted.get(name);
    const value = given && readField(field, given, resolved);
    if (value === undefined) return undefined;
    values[name] = value;
  }
  return values;
}

function readField(field: ModalField, { value, values }: Submitted, resolved: APIModalSubmission["resolved"]): unknown {
  switch (field.type) {
    case "text":
      return typeof value === "string" && isUpTo(field.max_length ?? 4_000, value) ? value : undefined;
    case "radio":
      return typeof value === "string" || value === null ? value : undefined;
    case "checkbox":
      return typeof value === "boolean" ? value : undefined;
    default:
      return values && readValues(field.type, values, resolved);
  }
}
