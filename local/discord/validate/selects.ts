import { ComponentType as Type } from "discord-api-types/v10";
import { badLength, type FieldError } from "../errors.ts";
import {
  boolean,
  type Check,
  type Fields,
  integer,
  join,
  list,
  object,
  oneOf,
  optional,
  set,
  snowflake,
  text,
  wrong,
} from "./checks.ts";

/** The `id` of a component: 32 bits. */
export const id = optional(integer(0, 2 ** 31 - 1));
export const emoji = optional(object({ id: optional(snowflake), name: optional(text(0, 32)) }));

const common = {
  id,
  custom_id: text(1, 100),
  placeholder: optional(text(0, 150)),
  min_values: optional(integer(0, 25)),
  max_values: optional(integer(1, 25)),
  disabled: optional(boolean),
  required: optional(boolean),
};

const optionFields = {
  label: text(1, 100),
  value: text(1, 100),
  description: optional(text(0, 100)),
  default: optional(boolean),
};

/** An option of a radio group or a checkbox group. */
export const labelledOption = object(optionFields);

const stringSelect = object({ ...common, options: list(1, 25, object({ ...optionFields, emoji })) }, (body, path) => {
  const options = body["options"] as Fields[];
  const most = Number(body["max_values"] ?? 1);
  return [
    ...checkRange(body, path),
    // Discord reads `max_values` as the fewest options.
    ...(options.length < most ? [badLength(join(path, "options"), most, 25)] : []),
    ...checkValues(options, join(path, "options")),
  ];
});

/** A select of users, roles or channels: the kinds that it offers, and that can be chosen already. */
const select = (...kinds: string[]): Check =>
  object(
    {
      ...common,
      channel_types: optional(set(0, 20, integer(0))),
      default_values: optional(list(0, 25, object({ id: snowflake, type: oneOf(...kinds) }))),
    },
    (body, path) => {
      const errors = checkRange(body, path);
      const count = (body["default_values"] as unknown[] | null | undefined)?.length ?? 0;
      const [least, most] = [Number(body["min_values"] ?? 1), Number(body["max_values"] ?? 1)];
      if (errors.length > 0 || count === 0 || (count >= least && count <= most)) return errors;
      return [badLength(join(path, "default_values"), least, most)];
    },
  );

/** The selects of messages and forms. */
export const selects: Record<number, Check> = {
  [Type.StringSelect]: stringSelect,
  [Type.UserSelect]: select("user"),
  [Type.RoleSelect]: select("role"),
  [Type.MentionableSelect]: select("user", "role"),
  [Type.ChannelSelect]: select("channel"),
};

/** Checks that no two options have the same value. */
export function checkValues(options: readonly Fields[], path: string): FieldError[] {
  const values = options.map(({ value }) => value);
  return options.flatMap(({ value }, index) =>
    values.indexOf(value) === index
      ? []
      : [
          wrong(
            join(path, `${index}.value`),
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
            "The specified option value is already used",
          ),
        ],
  );
}

/** Checks that `min_values` is at most `max_values`, and at most the number of options where there is a list of them. */
export function checkRange(
  { min_values, max_values }: Fields,
  path: string,
  count: number = Number.POSITIVE_INFINITY,
): FieldError[] {
  const most = Math.min(count, Number(max_values ?? 1));
  if (Number(min_values ?? 1) <= most) return [];
  return [wrong(join(path, "min_values"), "NUMBER_TYPE_MAX", `int value should be less than or equal to ${most}.`)];
}
