import { ComponentType as Type } from "discord-api-types/v10";
import type { FieldError } from "../errors.ts";
import {
  boolean,
  byType,
  type Check,
  type Fields,
  integer,
  join,
  list,
  object,
  oneOf,
  optional,
  text,
  wrong,
} from "./checks.ts";
import { checkUnique, walk } from "./components.ts";
import { fileTypes } from "./file-types.ts";
import { checkRange, checkValues, id, labelledOption, selects } from "./selects.ts";

const field = { id, custom_id: text(1, 100), required: optional(boolean) };

const upToTen = { min_values: optional(integer(0, 10)), max_values: optional(integer(1, 10)) };

/** Discord takes no empty text as what an input holds already: the field is then left out. */
const filled: Check = (value, path) =>
  value === "" ? [wrong(path, "BASE_TYPE_MIN_LENGTH", "Must be 1 or more in length.")] : text(0, 4_000)(value, path);

const textInput = {
  ...field,
  style: oneOf(1, 2),
  min_length: optional(integer(0, 4_000)),
  max_length: optional(integer(1, 4_000)),
  placeholder: optional(text(0, 100)),
  value: optional(filled),
};

const group = (min: number): Check =>
  object({ ...field, ...upToTen, options: list(min, 10, labelledOption) }, (body, path) => {
    const options = body["options"] as Fields[];
    const range = { ...body, max_values: body["max_values"] ?? options.length };
    return [...checkRange(range, path, options.length), ...checkValues(options, join(path, "options"))];
  });

const labelled: Record<number, Check> = {
  // A text input has its own `label` in action rows only.
  [Type.TextInput]: object(textInput, ({ label }, path) =>
    label === undefined || label === null
      ? []
      : [
          wrong(
            join(path, "label"),
            "COMPONENT_FIELD_INVALID",
            "A text input in a label component cannot have its own label.",
          ),
        ],
  ),
  ...selects,
  [Type.FileUpload]: object({ ...field, ...upToTen, file_types: optional(fileTypes) }),
  [Type.RadioGroup]: group(2),
  [Type.CheckboxGroup]: group(1),
  [Type.Checkbox]: object({ id, custom_id: text(1, 100), default: optional(boolean) }),
};

const modal = object({
  custom_id: text(1, 100),
  title: text(1, 45),
  components: list(
    1,
    5,
    byType({
      [Type.ActionRow]: object({
        id,
        components: list(1, 1, byType({ [Type.TextInput]: object({ ...textInput, label: text(1, 45) }) })),
      }),
      [Type.TextDisplay]: object({ id, content: text(1, 4_000) }),
      [Type.Label]: object({
        id,
        label: text(1, 45),
        description: optional(text(1, 100)),
        component: byType(labelled),
      }),
    }),
  ),
});

/**
 * Checks a modal.
 * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal
 */
export function checkModal(value: unknown, path: string): FieldError[] {
  const errors = modal(value, path);
  if (errors.length > 0) return errors;
  const all = walk((value as Fields)["components"], join(path, "components"));
  const disabled = all.filter(({ component }) => component["disabled"] === true);
  return [
    ...checkUnique(all),
    ...all
      .filter(({ component }) => component["min_values"] === 0 && component["required"] !== false)
      .map((one) =>
        wrong(
          join(one.path, "min_values"),
          "COMPONENT_FIELD_INVALID",
          "min_values can be 0 only with required: false.",
        ),
      ),
    ...disabled.map((one) =>
      wrong(join(one.path, "disabled"), "COMPONENT_FIELD_INVALID", "Components in a modal cannot be disabled."),
    ),
  ];
}
