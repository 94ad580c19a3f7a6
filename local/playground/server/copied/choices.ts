import type { Payload } from "../payload.ts";

type Part = Record<string, unknown>;

const isPart = (value: unknown): value is Part => typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns a value that is a text; `undefined` for any other. */
export const textIn = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Returns all components in a tree. */
export function partsIn(value: unknown): Part[] {
  if (Array.isArray(value)) return value.flatMap(partsIn);
  if (!isPart(value)) return [];
  return [value, ...["components", "component", "accessory"].flatMap((name) => partsIn(value[name]))];
}

/** Returns values as a person chose them: the labels of options, whose values another run may name differently. */
export function labelsOf(part: Part | undefined, values: readonly string[]): string[] {
  const options = Array.isArray(part?.["options"]) ? part["options"].filter(isPart) : [];
  return values.map((value) => {
    const label = options.find((option) => option["value"] === value)?.["label"];
    const isUnique = options.filter((option) => option["label"] === label || option["value"] === label).length === 1;
    return typeof label === "string" && isUnique ? label : value;
  });
}

/** Returns what was chosen in a message's menu, and the menu by its placeholder or custom_id unless it is the only one. */
export function chosenIn({ data = {}, message }: Payload): { values: string[]; menu?: string } {
  const menus = partsIn(message?.components).filter(({ type }) => [3, 5, 6, 7, 8].includes(Number(type)));
  const menu = menus.find(({ custom_id }) => custom_id === data.custom_id);
  const values = labelsOf(menu, data.values ?? []);
  return menus.length > 1 ? { values, menu: textIn(menu?.["placeholder"]) ?? data.custom_id ?? "" } : { values };
}

/** A field of a submitted form. */
export interface Entry {
  customId: string;
  value: string | boolean | null | string[];
  /** The IDs of the uploaded files, for a field that takes files. */
  files?: string[];
}

/** Returns what was entered in a form. */
export function enteredIn({ data = {} }: Payload, modal: unknown): Entry[] {
  const declared = partsIn(modal);
  return partsIn(data.components).flatMap(({ custom_id: id, type, value, values }): Entry[] => {
    if (typeof id !== "string") return [];
    const part = declared.find((one) => one["custom_id"] === id);
    const list = Array.isArray(values) ? values.map(String) : [];
    if (type === 19) return [{ customId: id, value: [], files: list }];
    if (Array.isArray(values)) return [{ customId: id, value: labelsOf(part, list) }];
    if (typeof value === "boolean" || value === null) return [{ customId: id, value }];
    const text = typeof value === "string" ? value : "";
    return [{ customId: id, value: type === 21 ? (labelsOf(part, [text])[0] ?? text) : text }];
  });
}
