import { DeclarationError } from "./declare/errors.ts";

// A component's custom_id with typed parameters: "poll/vote/:choice<int>/:owner<id>". A parameter is text unless it says
// <int>, <bool>, <id> (a snowflake, always text: Number loses its last digits) or its words: <open|close>.

interface Kinds {
  int: number;
  bool: boolean;
  id: string;
}

type ParameterOf<Segment> = Segment extends `:${infer Name}<${infer Kind}>`
  ? { [N in Name]: Kind extends keyof Kinds ? Kinds[Kind] : Words<Kind> }
  : Segment extends `:${infer Name}`
    ? { [N in Name]: string }
    : unknown;
type Words<Kind> = Kind extends `${infer Word}|${infer More}` ? Word | Words<More> : Kind;

type Segments<Pattern extends string> = Pattern extends `${infer Head}/${infer Rest}`
  ? ParameterOf<Head> & Segments<Rest>
  : ParameterOf<Pattern>;

/** The parameters of a pattern, by name. */
export type Parameters<Pattern extends string> = { [Name in keyof Segments<Pattern>]: Segments<Pattern>[Name] };

/** The values of a pattern's parameters, when the type is not known. */
export type AnyParameters = Record<string, string | number | boolean>;

export interface CustomId {
  readonly pattern: string;
  /** The literal segments it begins with. */
  readonly prefix: string;
  /** How many parameters follow. */
  readonly count: number;
  /** The custom_id for these values. Throws a `RangeError` when one does not fit or all are over 100 characters. */
  build(values: AnyParameters): string;
  /** The values in a custom_id that begins with the prefix; undefined where one does not fit. */
  read(customId: string): AnyParameters | undefined;
}

const maxLength = 100;

/** Compiles a pattern, once: its literal segments come first, its parameters after them. */
export function customId(pattern: string): CustomId {
  const segments = pattern.split("/");
  const first = segments.findIndex((segment) => segment.startsWith(":"));
  const split = first === -1 ? segments.length : first;
  const prefix = segments.slice(0, split).join("/");
  const known = segments.slice(split).flatMap((segment) => compileParameter(segment) ?? []);
  if (prefix === "" || prefix.length > maxLength || known.length < segments.length - split) {
    throw new DeclarationError(
      `The custom_id pattern "${pattern}" must begin with a literal segment and end with its parameters, as in "poll/vote/:choice<int>".`,
    );
  }

  return {
    pattern,
    prefix,
    count: known.length,
    build(values) {
      const parts = known.map(({ name, write }) => {
        const text = write(values[name]);
        if (text !== undefined) return text;
        throw new RangeError(
          `The parameter "${name}" of the custom_id "${pattern}" cannot be ${JSON.stringify(values[name])}.`,
        );
      });
      const id = [prefix, ...parts].join("/");
      if (id.length <= maxLength) return id;
      throw new RangeError(
        `The custom_id "${pattern}" is ${id.length} characters with these values; Discord takes ${maxLength}. Keep larger state elsewhere, under a short id.`,
      );
    },
    read(id) {
      const parts = known.length === 0 ? [] : id.slice(prefix.length + 1).split("/");
      const values: AnyParameters = {};
      for (const [index, { name, read }] of known.entries()) {
        const value = read(parts[index] ?? "");
        if (value === undefined) return undefined;
        values[name] = value;
      }
      return values;
    },
  };
}

/** Finds entries by the custom_id that was clicked, in as many lookups as it has segments, however many entries there are. */
export function createCustomIdIndex<Entry>() {
  const entries = new Map<string, { id: CustomId; entry: Entry }>();
  return {
    /** False when another pattern would match the same custom_ids. */
    add(id: CustomId, entry: Entry): boolean {
      const key = `${id.prefix}/${id.count}`;
      if (entries.has(key)) return false;
      entries.set(key, { id, entry });
      return true;
    },
    find(customId: string): { entry: Entry; params: AnyParameters } | undefined {
      let end = customId.length;
      for (let count = 0; end > 0; count++) {
        const found = entries.get(`${customId.slice(0, end)}/${count}`);
        const params = found?.id.read(customId);
        if (found && params) return { entry: found.entry, params };
        end = customId.lastIndexOf("/", end - 1);
      }
      return undefined;
    },
  };
}

// --- Internal helpers ---

interface Parameter {
  name: string;
  write(value: unknown): string | undefined;
  read(text: string): string | number | boolean | undefined;
}

function compileParameter(segment: string): Parameter | undefined {
  const [, name = "", kind] = /^:(\w+)(?:<([\w|-]+)>)?$/.exec(segment) ?? [];
  if (name === "") return undefined;
  switch (kind) {
    case undefined:
      return { name, write: (value) => (typeof value === "string" ? escape(value) : undefined), read: unescape };
    case "int":
      return {
        name,
        write: (value) => (Number.isSafeInteger(value) ? String(value) : undefined),
        read: (text) => (/^-?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined),
      };
    case "bool":
      return {
        name,
        write: (value) => (typeof value === "boolean" ? String(Number(value)) : undefined),
        read: (text) => (text === "1" ? true : text === "0" ? false : undefined),
      };
    case "id":
      return { name, write: (value) => snowflake(value), read: snowflake };
    default: {
      const words = kind.split("|");
      const word = (value: unknown) => words.find((one) => one === value);
      return { name, write: word, read: word };
    }
  }
}

const snowflake = (value: unknown): string | undefined =>
  typeof value === "string" && /^\d{1,20}$/.test(value) ? value : undefined;

const escape = (text: string): string => text.replaceAll("%", "%25").replaceAll("/", "%2F");
const unescape = (text: string): string => text.replaceAll("%2F", "/").replaceAll("%25", "%");
