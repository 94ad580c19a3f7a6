import { type APIAttachment, ComponentType as Type } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { type Fields, isFields } from "../validate/checks.ts";
import { checkCount, type Field, fieldsIn, valueOf } from "./fields.ts";
import { LineError } from "./line-error.ts";
import { checkSize, checkType, keepPicked, type PickedFile } from "./picked-files.ts";
import { type Asker, resolve } from "./resolve.ts";

/** The values for a form, by label or custom_id. A field left out keeps the value it shows; `null` empties it. */
export type Entered = Readonly<Record<string, string | boolean | null | readonly string[] | readonly PickedFile[]>>;

/** Returns the `data` of a submitted form. Throws a `LineError` for a value that Discord's client would not accept. */
export async function submitData(
  context: Context,
  asker: Asker,
  channelId: string,
  modal: Fields,
  entered: Entered,
): Promise<object> {
  const rows = modal["components"] as Fields[];
  const fields = rows.flatMap(fieldsIn);
  refuseStrays(fields, entered);
  const isUpload = ({ component }: Field) => component["type"] === Type.FileUpload;
  const picked = fields.filter(isUpload).map((field) => [field, pickedFiles(field, givenFor(field, entered))] as const);
  const submitted = new Map<Fields, object>(
    fields
      .filter((field) => !isUpload(field))
      .map((field) => [field.component, valueOf(context, asker, field, givenFor(field, entered))]),
  );
  const attachments: APIAttachment[] = [];
  for (const [{ component }, files] of picked) {
    const kept = await Promise.all(files.map((file) => keepPicked(context, channelId, file)));
    attachments.push(...kept);
    submitted.set(component, { values: kept.map(({ id }) => id) });
  }
  const ids = [...submitted].flatMap(([component, value]) =>
    "values" in value && entityMenus.has(Number(component["type"])) ? (value.values as string[]) : [],
  );
  const resolved = resolve(context, asker, { users: ids, roles: ids, channels: ids }, attachments);
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

function refuseStrays(fields: readonly Field[], entered: Entered): void {
  const names = fields.flatMap(({ label, component }) => [label, String(component["custom_id"])]);
  const stray = Object.keys(entered).find((name) => !names.includes(name));
  if (stray === undefined) return;
  const known = fields.map(({ label }) => `"${label}"`).join(", ");
  throw new LineError(`The form has no field "${stray}". It has: ${known}.`);
}

function givenFor({ label, component }: Field, entered: Entered): Entered[string] | undefined {
  const byId = entered[String(component["custom_id"])];
  return byId === undefined ? entered[label] : byId;
}

function pickedFiles(field: Field, given: unknown): PickedFile[] {
  const files = [given ?? []].flat() as PickedFile[];
  checkCount(field, files.length, 1, "file");
  for (const file of files) {
    checkSize(file);
    checkType(file.name, field.component["file_types"]);
  }
  return files;
}
