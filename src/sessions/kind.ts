import type { StandardSchemaV1 } from "@standard-schema/spec";
import { SessionSchemaError, SessionTooLargeError } from "./errors.ts";

/** 30 days. */
export const defaultLifetimeMs = 30 * 24 * 60 * 60_000;

export interface SessionKindOptions<Schema extends StandardSchemaV1> {
  /** 1 to 32 letters, digits, dashes and underscores. Part of every stored session of this kind. */
  name: string;
  /** The schema of its data, from any Standard Schema validator. Data is stored as JSON and checked when it is read. */
  schema: Schema;
  /** How long a session lives after its last use, in milliseconds. Default: one hour. */
  ttlMs?: number;
  /**
   * How long a session lives at most, however often it is used, in milliseconds. More than 30 days is for sessions without an
   * owner, or needs `longestLifetimeMs` of `createSessions`. Default: 30 days.
   */
  lifetimeMs?: number;
  /** Raise it when the schema changes, so that `migrate` knows which version it gets. Default: 1. */
  version?: number;
  /** Returns the data of an older version in the current form. The result is checked as well. */
  migrate?(data: unknown, version: number): unknown;
  /** The size limit of the data as JSON, in bytes. Default: 32 KiB. */
  maxBytes?: number;
}

/** A kind of session. Declared once at module level: it holds no state. */
export interface SessionKind<T> {
  readonly name: string;
  readonly ttlMs: number;
  readonly lifetimeMs: number;
  readonly version: number;
  /** Returns the data as JSON. Throws `SessionSchemaError` or `SessionTooLargeError`. */
  write(data: T): Promise<string>;
  /** Returns the data of a stored session, migrated where it is older. Throws `SessionSchemaError`. */
  read(json: string, version: number): Promise<T>;
}

/**
 * Declares a kind of session. Throws `RangeError` for a name or a life that cannot work.
 *
 * @example
 * const setups = sessionKind({ name: "setup", schema: v.object({ step: v.number() }), ttlMs: 86_400_000 });
 */
export function sessionKind<Schema extends StandardSchemaV1>({
  name,
  schema,
  ttlMs = 60 * 60_000,
  lifetimeMs = defaultLifetimeMs,
  version = 1,
  migrate,
  maxBytes = 32 * 1024,
}: SessionKindOptions<Schema>): SessionKind<StandardSchemaV1.InferOutput<Schema>> {
  type T = StandardSchemaV1.InferOutput<Schema>;
  if (!/^[\w-]{1,32}$/.test(name)) {
    throw new RangeError(`"${name}" cannot name a kind of session: a name is 1 to 32 letters, digits, - or _.`);
  }
  if (!(ttlMs > 0 && ttlMs <= lifetimeMs)) {
    throw new RangeError(`"${name}": ttlMs must be more than 0 and at most lifetimeMs.`);
  }

  async function check(data: unknown, what: string, cure: string): Promise<T> {
    const result = await schema["~standard"].validate(data);
    if (!result.issues) return result.value;
    const issues = result.issues.slice(0, 5).map(({ message, path }) => [path?.map(keyOf).join("."), message]);
    throw new SessionSchemaError(
      name,
      what,
      issues.map(([path, message]) => (path ? `${path}: ${message}` : (message ?? ""))),
      cure,
    );
  }

  return {
    name,
    ttlMs,
    lifetimeMs,
    version,
    async write(data) {
      const json = JSON.stringify(await check(data, "The data to store", "Nothing was written.")) ?? "null";
      const bytes = new TextEncoder().encode(json).length;
      if (bytes > maxBytes) throw new SessionTooLargeError(name, bytes, maxBytes);
      return json;
    },
    async read(json, from) {
      const data = parse(json);
      if (from === version) return check(data, "A stored session", "Raise its version and give it a migrate function.");
      if (migrate)
        return check(migrate(data, from), `A session migrated from version ${from}`, "Fix its migrate function.");
      return check(data, `A session of version ${from}`, `Give the kind a migrate function from there to ${version}.`);
    },
  };
}

// --- Internal helpers ---

/** Truncated JSON becomes `undefined`, which no object schema accepts. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const keyOf = (segment: PropertyKey | StandardSchemaV1.PathSegment): string =>
  String(typeof segment === "object" ? segment.key : segment);
