import { ComponentType as Type } from "discord-api-types/v10";
import { type FieldError, required } from "../errors.ts";
import {
  boolean,
  byType,
  type Check,
  type Fields,
  integer,
  isFields,
  join,
  lengthOf,
  list,
  maxUrl,
  object,
  oneOf,
  optional,
  snowflake,
  text,
  url,
  wrong,
} from "./checks.ts";
import { emoji, id, selects } from "./selects.ts";

const media = object({ url: url(maxUrl, "http", "https", "attachment") });
const described = { id, description: optional(text(1, 1_024)), spoiler: optional(boolean) };

const linkStyle = 5;
const premiumStyle = 6;

const button = object(
  {
    id,
    style: oneOf(1, 2, 3, 4, linkStyle, premiumStyle),
    label: optional(text(0, 80)),
    custom_id: optional(text(1, 100)),
    url: optional(url(512, "http", "https", "discord")),
    sku_id: optional(snowflake),
    disabled: optional(boolean),
    emoji,
  },
  ({ style, custom_id, url, sku_id, label, emoji }, path) => {
    const need = style === linkStyle ? "url" : style === premiumStyle ? "sku_id" : "custom_id";
    // Discord writes the label of a premium button.
    const given = { custom_id, url, sku_id, ...(style === premiumStyle && { label, emoji }) } as Record<
      string,
      unknown
    >;
    const missing = given[need] === undefined ? [required(join(path, need))] : [];
    const extra = Object.entries(given).filter(([name, value]) => name !== need && value !== undefined);
    const bare = style !== premiumStyle && !label && !emoji ? [required(join(path, "label"))] : [];
    return [
      ...missing,
      ...extra.map(([name]) =>
        wrong(
          join(path, name),
          "BUTTON_COMPONENT_FIELD_INVALID",
          `A button of style ${String(style)} cannot have "${name}".`,
        ),
      ),
      ...bare,
    ];
  },
);

const actionRow = object({ id, components: list(1, 5, byType({ [Type.Button]: button, ...selects })) }, (row, path) => {
  const inner = row["components"] as Fields[];
  if (inner.length <= 1 || inner.every(({ type }) => type === Type.Button)) return [];
  return [
    wrong(
      join(path, "components"),
      "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
      "The specified component exceeds the maximum width",
    ),
  ];
});

const textDisplay = object({ id, content: text(1, 4_000) });
const section = object({
  id,
  components: list(1, 3, byType({ [Type.TextDisplay]: textDisplay })),
  accessory: byType({ [Type.Button]: button, [Type.Thumbnail]: object({ ...described, media }) }),
});
const gallery = object({ id, items: list(1, 10, object({ ...described, media })) });
const file = object({ id, file: object({ url: url(maxUrl, "attachment") }) });
const separator = object({ id, divider: optional(boolean), spacing: optional(oneOf(1, 2)) });

const inContainer: Record<number, Check> = {
  [Type.ActionRow]: actionRow,
  [Type.Section]: section,
  [Type.TextDisplay]: textDisplay,
  [Type.MediaGallery]: gallery,
  [Type.File]: file,
  [Type.Separator]: separator,
};
const container = object({
  id,
  accent_color: optional(integer(0, 0xff_ff_ff)),
  spoiler: optional(boolean),
  components: list(1, 39, byType(inContainer)),
});

/** Checks a message's components: five action rows, or with IS_COMPONENTS_V2 forty of all kinds, nested ones too. */
export function checkComponents(value: unknown, path: string, isV2: boolean): FieldError[] {
  const check = isV2
    ? byType({ ...inContainer, [Type.Container]: container })
    : byType({ [Type.ActionRow]: actionRow });
  const errors = list(0, isV2 ? 40 : 5, check)(value, path);
  if (errors.length > 0) return errors;
  const all = walk(value, path);
  const texts = all.filter(({ component }) => component["type"] === Type.TextDisplay);
  const characters = texts.reduce((sum, { component }) => sum + lengthOf(String(component["content"])), 0);
  return [
    ...(all.length > 40
      ? [wrong(path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The total number of components cannot exceed 40.")]
      : []),
    ...(characters > 4_000
      ? [wrong(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The total displayable text size exceeds 4000.")]
      : []),
    ...checkUnique(all),
  ];
}

/** Checks that no `custom_id`, and no `id` other than 0, appears twice. */
export function checkUnique(all: readonly Placed[]): FieldError[] {
  return [
    ...duplicates(all, "custom_id").map((path) =>
      wrong(path, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"),
    ),
    ...duplicates(all, "id").map((path) => wrong(path, "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")),
  ];
}

export interface Placed {
  component: Fields;
  path: string;
}

/** Returns every component in a tree with its path, outermost first. */
export function walk(value: unknown, path = ""): Placed[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => walk(one, join(path, index)));
  if (!isFields(value)) return [];
  const inner = ["components", "component", "accessory"].flatMap((name) => walk(value[name], join(path, name)));
  return [{ component: value, path }, ...inner];
}

function duplicates(all: readonly Placed[], field: "id" | "custom_id"): string[] {
  const seen = new Set<unknown>();
  return all.flatMap(({ component, path }) => {
    const value = component[field];
    if (value === undefined || value === null || value === 0) return [];
    if (seen.has(value)) return [join(path, field)];
    seen.add(value);
    return [];
  });
}
