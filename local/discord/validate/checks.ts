import { badChoice, badLength, discordErrors, type FieldError, required, tooLong } from "../errors.ts";

// Small checks that combine into the description of a body. They return Discord's errors: every wrong field by path.

/** Returns what is wrong with a value; empty when it is valid. */
export type Check = (value: unknown, path: string) => FieldError[];
export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns a body that is an object. Throws Discord's error for `null`, a list and a bare value. */
export function fieldsOf(body: unknown, path = ""): Fields {
  if (isFields(body)) return body;
  throw discordErrors.invalidForm(wrong(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType"));
}

/** Returns the length of a text as Discord counts it: in characters, not UTF-16 units, and trimmed. */
export const lengthOf = (text: string): number => Array.from(text.trim()).length;

/** Returns a field as text; empty when it is none. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

export const join = (path: string, name: string | number): string => (path === "" ? String(name) : `${path}.${name}`);

export const text =
  (min: number, max: number): Check =>
  (value, path) => {
    if (typeof value !== "string")
      return [wrong(path, "STRING_TYPE_CONVERT", `Could not interpret ${show(value)} as string.`)];
    const length = lengthOf(value);
    if (length < min) return [min === 1 && length === 0 ? required(path) : badLength(path, min, max)];
    return length > max ? [tooLong(path, max)] : [];
  };

export const integer =
  (min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): Check =>
  (value, path) => {
    if (!Number.isInteger(value)) return [wrong(path, "NUMBER_TYPE_COERCE", `Value ${show(value)} is not int.`)];
    return inRange(Number(value), min, max, path);
  };

export const number =
  (min = -(2 ** 53), max = 2 ** 53): Check =>
  (value, path) => {
    if (typeof value !== "number") return [wrong(path, "NUMBER_TYPE_COERCE", `Value ${show(value)} is not float.`)];
    return inRange(value, min, max, path);
  };

export const boolean: Check = (value, path) =>
  typeof value === "boolean" ? [] : [wrong(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")];

/** An ID, as text or as a number that holds it exactly. */
export const snowflake: Check = (value, path) =>
  /^\d{1,20}$/.test(String(value)) && (typeof value === "string" || Number.isSafeInteger(value))
    ? []
    : [wrong(path, "NUMBER_TYPE_COERCE", `Value ${show(value)} is not snowflake.`)];

/** The most characters of most addresses. */
export const maxUrl = 2_048;

/** An address of at most `max` characters. */
export const url =
  (max: number, ...schemes: string[]): Check =>
  (value, path) => {
    if (typeof value !== "string" || !URL.canParse(value))
      return [wrong(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")];
    if (lengthOf(value) > max) return [tooLong(path, max)];
    const scheme = new URL(value).protocol.slice(0, -1);
    if (schemes.includes(scheme)) return [];
    return [
      wrong(
        path,
        "URL_TYPE_INVALID_SCHEME",
        `Scheme "${scheme}" must be one of (${schemes.map((one) => `'${one}'`).join(", ")}).`,
      ),
    ];
  };

/** A time as text, such as `2026-06-01T12:00:00+00:00`. */
export const moment: Check = (value, path) =>
  typeof value === "string" && !Number.isNaN(Date.parse(value))
    ? []
    : [wrong(path, "DATE_TIME_TYPE_PARSE", `Could not parse ${show(value)}. Should be ISO8601.`)];

export const oneOf =
  (...choices: (string | number)[]): Check =>
  (value, path) =>
    choices.includes(value as string) ? [] : [badChoice(path, choices)];

export const optional =
  (check: Check): Check =>
  (value, path) =>
    value === undefined || value === null ? [] : check(value, path);

export const list =
  (min: number, max: number, each: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return [wrong(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")];
    const wrongLength = value.length < min || value.length > max ? [badLength(path, min, max)] : [];
    return [...wrongLength, ...value.flatMap((one, index) => each(one, join(path, index)))];
  };

/** A list in which no value appears twice; an ID is the same as text and as a number. */
export const set =
  (min: number, max: number, each: Check): Check =>
  (value, path) => {
    const errors = list(min, max, each)(value, path);
    if (errors.length > 0) return errors;
    const known = (value as unknown[]).map(String);
    return known.flatMap((one, index) =>
      known.indexOf(one) === index
        ? []
        : [wrong(join(path, index), "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value")],
    );
  };

/** An object with these fields. Other fields are ignored, as at Discord. `also` runs when the fields are valid. */
export const object =
  (shape: Record<string, Check>, also: (body: Fields, path: string) => FieldError[] = () => []): Check =>
  (value, path) => {
    if (!isFields(value)) return [wrong(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")];
    const errors = Object.entries(shape).flatMap(([name, check]) => check(value[name], join(path, name)));
    const missing = errors.map((error) => (valueAt(value, path, error) === undefined ? required(error.path) : error));
    return missing.length > 0 ? missing : also(value, path);
  };

/** One of several shapes, selected by `type`. */
export const byType =
  (checks: Record<number, Check>): Check =>
  (value, path) => {
    if (!isFields(value)) return [wrong(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")];
    if (value["type"] === undefined) return [required(join(path, "type"))];
    const check = typeof value["type"] === "number" ? checks[value["type"]] : undefined;
    if (check) return check(value, path);
    const types = Object.keys(checks).join(", ");
    return [wrong(join(path, "type"), "UNION_TYPE_CHOICES", `Value of field "type" must be one of (${types}).`)];
  };

export const wrong = (path: string, code: string, message: string): FieldError => ({ path, code, message });

// --- Internal helpers ---

const show = (value: unknown): string => JSON.stringify(value) ?? "undefined";

/** Returns the field of `body` that an error is about: a missing one is "required", whatever its check says. */
function valueAt(body: Fields, path: string, error: FieldError): unknown {
  const name = path === "" ? error.path : error.path.slice(path.length + 1);
  return name.includes(".") ? null : body[name];
}

function inRange(value: number, min: number, max: number, path: string): FieldError[] {
  if (value < min) return [wrong(path, "NUMBER_TYPE_MIN", `int value should be greater than or equal to ${min}.`)];
  if (value > max) return [wrong(path, "NUMBER_TYPE_MAX", `int value should be less than or equal to ${max}.`)];
  return [];
}
