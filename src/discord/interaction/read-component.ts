import type { APIMessageComponentInteractionData } from "discord-api-types/v10";
import { componentType } from "../constants.ts";
import type { ComponentKind } from "../declare/values.ts";
import { entityOf, mentionableOf, personOf, type Resolved } from "../entities.ts";

const types: Record<ComponentKind, number> = {
  button: componentType.button,
  "string-select": componentType.stringSelect,
  "user-select": componentType.userSelect,
  "role-select": componentType.roleSelect,
  "mentionable-select": componentType.mentionableSelect,
  "channel-select": componentType.channelSelect,
};

/** Returns the chosen values; undefined for another kind of component, or when one is missing in the payload. */
export function readComponent(kind: ComponentKind, data: APIMessageComponentInteractionData): unknown[] | undefined {
  if (data.component_type !== types[kind]) return undefined;
  const values = "values" in data ? data.values : [];
  return readValues(kind, values, "resolved" in data ? data.resolved : undefined);
}

/** Returns the objects for ids, or the texts themselves; undefined when the payload lacks one. */
export function readValues(
  kind: string,
  values: readonly string[],
  resolved: Resolved | undefined,
): unknown[] | undefined {
  const found = values.map((value) => {
    switch (kind) {
      case "user-select":
        return personOf(resolved, value);
      case "role-select":
        return entityOf(resolved?.roles, value);
      case "mentionable-select":
        return mentionableOf(resolved, value);
      case "channel-select":
        return entityOf(resolved?.channels, value);
      case "file":
        return entityOf(resolved?.attachments, value);
      default:
        return value;
    }
  });
  return found.includes(undefined) ? undefined : found;
}
