import type { APIModalSubmission } from "discord-api-types/v10";
import type { ModalFields } from "../declare/values.ts";
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
  for (const [name, { type }] of Object.entries(fields)) {
    if (type === "display") continue;
    const given = submitted.get(name);
    const value = given && readField(type, given, resolved);
    if (value === undefined) return undefined;
    values[name] = value;
  }
  return values;
}

function readField(type: string, { value, values }: Submitted, resolved: APIModalSubmission["resolved"]): unknown {
  switch (type) {
    case "text":
      return typeof value === "string" ? value : undefined;
    case "radio":
      return typeof value === "string" || value === null ? value : undefined;
    case "checkbox":
      return typeof value === "boolean" ? value : undefined;
    default:
      return values && readValues(type, values, resolved);
  }
}
