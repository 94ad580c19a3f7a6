import type { StandardSchemaV1 } from "@standard-schema/spec";
import { SessionSchemaError, SessionTooLargeError } from "./errors.ts";

export interface SessionKindOptions<Schema extends StandardSchemaV1> {
  /** Letters, digits and dashes; stands in every session of this kind. */
  name: string;
  /** What its data is, for any validator that speaks Standard Schema. The data is kept as JSON, and checked when it is read. */
  schema: Schema;
  /** How long a session lives after it was last used. Default: one hour. */
  ttlMs?: number;
  /** How long it lives at most, however often it is used. Default: 30 days. */
  lifetimeMs?: number;
  /** Raised when the schema changes, so that `migrate` knows what it is given. Default: 1. */
  version?: number;
  /** Makes data of an older version fit; what it gives back is checked as well. */
  migrate?(data: unknown, version: number): unknown;
  /** Of the data as JSON. Default: 32 KiB. */
  maxBytes?: number;
}

/** A kind of session. Made once, at the module's level: it holds no state. */
export interface SessionKind<T> {
  readonly name: string;
  readonly ttlMs: number;
  readonly lifetimeMs: number;
  readonly version: number;
  /** The data as JSON; throws `SessionSchemaError` or `SessionTooLargeError`. */
  write(data: T): Promise<string>;
  /** The data of a stored session, migrated where it is older; throws `SessionSchemaError`. */
  read(json: string, version: number): Promise<T>;
}

/**
 * Declares a kind of session.
 *
 * @example
 * const setups = sessionKind({ name: "setup", schema: v.object({ step: v.number() }), ttlMs: 86_400_000 });
 */
export function sessionKind<Schema extends StandardSchemaV1>({
  name,
  schema,
  ttlMs = 60 * 60_000,
  lifetimeMs = 30 * 24 * 60 * 60_000,
  version = 1,
  migrate,
  maxBytes = 32 * 1024,
}: SessionKindOptions<Schema>): SessionKind<StandardSchemaV1.InferOutput<Schema>> {
  type T = StandardSchemaV1.InferOutput<Schema>;
  if (!/^[\w-]{1,32}$/.test(name)) throw new RangeError(`"${name}" cannot name a kind of session: use letters and -.`);
  if (!(ttlMs > 0 && ttlMs <= lifetimeMs))
    throw new RangeError(`"${name}": ttlMs is more than 0 and at most lifetimeMs.`);

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
      const json = JSON.stringify(await check(data, "What was to be kept", "Nothing was written.")) ?? "null";
      const bytes = new TextEncoder().encode(json).length;
      if (bytes > maxBytes) throw new SessionTooLargeError(name, bytes, maxBytes);
      return json;
    },
    async read(json, from) {
      const data = parse(json);
      if (from === version) return check(data, "A stored session", "Raise its version and give it a migrate function.");
      if (migrate)
        return check(migrate(data, from), `A session migrated from version ${from}`, "Mend its migrate function.");
      return check(data, `A session of version ${from}`, `Give the kind a migrate function from there to ${version}.`);
    },
  };
}

// --- Internal helpers ---

/** Half a session is no data, which no schema takes for an object. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const keyOf = (segment: PropertyKey | StandardSchemaV1.PathSegment): string =>
  String(typeof segment === "object" ? segment.key : segment);
