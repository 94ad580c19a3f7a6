import { type APIAttachment, ComponentType as Type } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { keepFile } from "../messages/uploads.ts";
import { type Fields, isFields, lengthOf } from "../validate/checks.ts";
import type { Guild } from "../world/world.ts";
import { chooseValues } from "./components.ts";
import { LineError } from "./line-error.ts";
import { resolve } from "./resolve.ts";

/** A file that a person picks. */
export interface PickedFile {
  name: string;
  type?: string;
  data: string | Uint8Array<ArrayBuffer>;
}

/** What a person enters in a form, by a field's custom_id or label. */
export type Entered = Readonly<Record<string, string | boolean | null | readonly string[] | readonly PickedFile[]>>;

interface Field {
  label: string;
  component: Fields;
}

/** A submitted form as the person's client would send it, or what it would still ask for. */
export async function submitData(
  context: Context,
  guild: Guild | undefined,
  channelId: string,
  modal: Fields,
  entered: Entered,
): Promise<object> {
  const rows = modal["components"] as Fields[];
  const fields = rows.flatMap(fieldOf);
  const names = fields.flatMap(({ label, component }) => [label, String(component["custom_id"])]);
  const stray = Object.keys(entered).find((name) => !names.includes(name));
  if (stray !== undefined) {
    throw new LineError(
      `The form has no field "${stray}". It has: ${fields.map(({ label }) => `"${label}"`).join(", ")}.`,
    );
  }
  const attachments: APIAttachment[] = [];
  const submitted = new Map<Fields, object>();
  for (const field of fields) {
    const { component, label } = field;
    const given = entered[String(component["custom_id"])] ?? entered[label];
    if (component["type"] === Type.FileUpload) {
      const files = await keepFiles(context, channelId, given);
      checkCount(field, files.length, 1);
      attachments.push(...files);
      submitted.set(component, { values: files.map(({ id }) => id) });
    } else submitted.set(component, valueOf(context, guild, field, given));
  }
  const ids = [...submitted].flatMap(([component, value]) =>
    "values" in value && entityMenus.has(Number(component["type"])) ? (value.values as string[]) : [],
  );
  const resolved = resolve(context, guild, { users: ids, roles: ids, channels: ids }, attachments);
  const filled = (component: Fields) => ({
    type: component["type"],
    id: component["id"],
    custom_id: component["custom_id"],
    ...submitted.get(component),
  });
  return {
    custom_id: modal["custom_id"],
    components: rows.map((row) => {
      const { type, id, component, components } = row;
      if (isFields(component)) return { type, id, component: filled(component) };
      return Array.isArray(components) ? { type, id, components: (components as Fields[]).map(filled) } : { type, id };
    }),
    ...(resolved && { resolved }),
  };
}

// --- Internal helpers ---

const entityMenus = new Set<number>([Type.UserSelect, Type.RoleSelect, Type.MentionableSelect, Type.ChannelSelect]);

function fieldOf({ label, component, components }: Fields): Field[] {
  if (isFields(component)) return [{ label: String(label), component }];
  if (!Array.isArray(components)) return [];
  return (components as Fields[]).map((inner) => ({ label: String(inner["label"]), component: inner }));
}

function valueOf(context: Context, guild: Guild | undefined, field: Field, given: unknown): object {
  const { component, label } = field;
  const isRequired = component["required"] !== false;
  const list = given === undefined || given === null ? defaultsOf(component) : [given].flat().map(String);
  switch (component["type"]) {
    case Type.TextInput:
      return { value: textOf(field, given ?? component["value"] ?? "", isRequired) };
    case Type.Checkbox:
      return { value: given === undefined ? component["default"] === true : given === true || given === "true" };
    case Type.RadioGroup: {
      if (list.length === 0 && isRequired) throw new LineError(`"${label}" needs a choice.`);
      return { value: optionValues(field, list)[0] ?? null };
    }
    case Type.CheckboxGroup:
      checkCount(field, list.length, (component["options"] as unknown[]).length);
      return { values: optionValues(field, list) };
    default:
      checkCount(field, list.length, 1);
      return { values: list.length === 0 ? [] : chooseValues(context, guild, component, list) };
  }
}

function textOf({ label, component }: Field, given: unknown, isRequired: boolean): string {
  const text = String(given);
  const min = Number(component["min_length"] ?? (isRequired ? 1 : 0));
  const max = Number(component["max_length"] ?? 4_000);
  if (isRequired && lengthOf(text) === 0) throw new LineError(`"${label}" must be filled in.`);
  if (text.length > 0 && (text.length < min || text.length > max)) {
    throw new LineError(`"${label}" takes ${min} to ${max} characters, not ${text.length}.`);
  }
  return text;
}

function defaultsOf({ options, default_values }: Fields): string[] {
  const chosen = (options ?? []) as { value: string; default?: boolean }[];
  const entities = (default_values ?? []) as { id: string }[];
  return [...chosen.filter((one) => one.default).map(({ value }) => value), ...entities.map(({ id }) => id)];
}

function optionValues({ label, component }: Field, chosen: readonly string[]): string[] {
  const options = (component["options"] ?? []) as { label: string; value: string }[];
  return chosen.map((name) => {
    const option = options.find((one) => one.label === name || one.value === name);
    if (option) return option.value;
    throw new LineError(`"${label}" has no "${name}". It has: ${options.map((one) => one.label).join(", ")}.`);
  });
}

function checkCount({ label, component }: Field, count: number, usualMax: number): void {
  const isRequired = component["required"] !== false;
  const min = Number(component["min_values"] ?? (isRequired ? 1 : 0));
  const max = Number(component["max_values"] ?? usualMax);
  if (count === 0 && !isRequired) return;
  if (count < min || count > max)
    throw new LineError(`"${label}" takes ${min === max ? min : `${min} to ${max}`}, not ${count}.`);
}

function keepFiles(context: Context, channelId: string, given: unknown): Promise<APIAttachment[]> {
  const files = given === undefined || given === null ? [] : ([given].flat() as PickedFile[]);
  return Promise.all(files.map((file) => keepPicked(context, channelId, file)));
}

/** What a person uploads is theirs alone. */
export const keepPicked = (
  context: Context,
  channelId: string,
  { name, type, data }: PickedFile,
): Promise<APIAttachment> =>
  keepFile(context, new File([data], name, { type: type ?? "" }), { channelId, isEphemeral: true });
