import type { FieldError } from "../errors.ts";
import {
  boolean,
  type Fields,
  integer,
  join,
  list,
  object,
  oneOf,
  optional,
  snowflake,
  text,
  wrong,
} from "./checks.ts";

const common = {
  id: optional(integer(0)),
  custom_id: text(1, 100),
  placeholder: optional(text(0, 150)),
  min_values: optional(integer(0, 25)),
  max_values: optional(integer(1, 25)),
  disabled: optional(boolean),
  required: optional(boolean),
};

/** An option of a string select, a radio group or a checkbox group. */
export const option = object({
  label: text(1, 100),
  value: text(1, 100),
  description: optional(text(0, 100)),
  default: optional(boolean),
});

export const stringSelect = object({ ...common, options: list(1, 25, option) }, (body, path) => {
  const options = body["options"] as Fields[];
  return [...checkRange(body, path, options.length), ...checkValues(options, join(path, "options"))];
});

/** A select of users, roles or channels. */
export const select = object(
  {
    ...common,
    channel_types: optional(list(0, 20, integer(0))),
    default_values: optional(list(0, 25, object({ id: snowflake, type: oneOf("user", "role", "channel") }))),
  },
  (body, path) => checkRange(body, path),
);

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
