import { DeclarationError } from "./declare/errors.ts";
import { isSnowflake } from "./snowflake.ts";

// A component's custom_id with typed parameters: "poll/vote/:choice<int>/:owner<id>". A parameter is text unless it says
// <int>, <bool>, <id> (a snowflake, kept as text: a number would lose its last digits) or its words: <open|close>.

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

/** The types of a pattern's parameters, by name. */
export type Parameters<Pattern extends string> = { [Name in keyof Segments<Pattern>]: Segments<Pattern>[Name] };

/** The values of an unknown pattern's parameters, by name. */
export type AnyParameters = Record<string, string | number | boolean>;

/** A compiled pattern. */
export interface CustomId {
  readonly pattern: string;
  /** Its literal segments, which come first: `poll/vote`. */
  readonly prefix: string;
  /** The number of its parameters. */
  readonly count: number;
  /**
   * Returns the custom_id for these values. Throws a `RangeError` when a value does not fit, or the id has over 100
   * characters.
   */
  build(values: AnyParameters): string;
  /** Returns the values in a custom_id that begins with the prefix; undefined where a value does not fit. */
  read(customId: string): AnyParameters | undefined;
}

/** The most characters that Discord takes. */
export const maxLength = 100;

/**
 * Compiles a pattern: literal segments first, then parameters. Throws a `DeclarationError` for another order. Components and
 * modals of a kit have it built in; a file that only builds ids, such as a job, compiles the pattern itself.
 *
 * @example
 * const vote = customId("poll/vote/:choice<int>/:owner<id>");
 * vote.build({ choice: 2, owner: "1100000000000000013" }); // "poll/vote/2/1100000000000000013"
 */
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
        `The custom_id "${pattern}" is ${id.length} characters with these values; Discord takes ${maxLength}. Keep larger state in a session or in Redis, and put its short id here.`,
      );
    },
    read(id) {
      const parts = id.slice(prefix.length + 1).split("/");
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

/** Makes an index that finds entries by a clicked custom_id, in one look-up for each of its segments. */
export function createCustomIdIndex<Entry>() {
  const entries = new Map<string, { id: CustomId; entry: Entry }>();
  return {
    /** Adds an entry. Returns false, and adds nothing, when another pattern matches the same custom_ids. */
    add(id: CustomId, entry: Entry): boolean {
      const key = `${id.prefix}/${id.count}`;
      if (entries.has(key)) return false;
      entries.set(key, { id, entry });
      return true;
    },
    /** Returns the entry whose pattern matches, and its parameters; undefined for an id that Discord would not take. */
    find(customId: string): { entry: Entry; params: AnyParameters } | undefined {
      if (customId.length > maxLength) return undefined;
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

const snowflake = (value: unknown): string | undefined => (isSnowflake(value) ? value : undefined);

const escape = (text: string): string => text.replaceAll("%", "%25").replaceAll("/", "%2F");
const unescape = (text: string): string => text.replaceAll("%2F", "/").replaceAll("%25", "%");
