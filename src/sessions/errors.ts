/** The errors of sessions besides those of Redis. `code` is stable. Messages never hold data, whole ids or secrets. */
export abstract class SessionError extends Error {
  abstract readonly code: string;
}

/** Another write changed the session first: the update was refused, or ran out of attempts. Nothing was written. */
export class SessionConflictError extends SessionError {
  readonly code = "E_SESSION_CONFLICT";
  override readonly name = "SessionConflictError";
  /** The stored revision. */
  readonly revision: number;
  constructor(kind: string, id: string, revision: number, why: string) {
    super(`The ${kind} session ${shown(id)} is at revision ${revision}: ${why}`);
    this.revision = revision;
  }
}

/** Data does not fit the kind's schema: data about to be written, or data stored by another version of the code. */
export class SessionSchemaError extends SessionError {
  readonly code = "E_SESSION_SCHEMA";
  override readonly name = "SessionSchemaError";
  constructor(kind: string, what: string, issues: readonly string[], cure: string) {
    super(`${what} does not fit the schema of "${kind}" (${issues.join("; ")}). ${cure}`);
  }
}

/** The data is larger than its kind allows. Nothing was written. */
export class SessionTooLargeError extends SessionError {
  readonly code = "E_SESSION_TOO_LARGE";
  override readonly name = "SessionTooLargeError";
  constructor(kind: string, bytes: number, maxBytes: number) {
    super(
      `A "${kind}" session of ${bytes} bytes is larger than the ${maxBytes} its kind allows. Keep less in it, or raise maxBytes.`,
    );
  }
}

/** A session under the given id exists already, of this owner or another. It stays as it is. */
export class SessionTakenError extends SessionError {
  readonly code = "E_SESSION_TAKEN";
  override readonly name = "SessionTakenError";
  constructor(kind: string, id: string) {
    super(`A "${kind}" session cannot be created under the id ${shown(id)}: another session has it.`);
  }
}

/** Returns the part of an id that tells sessions apart in a log. */
export const shown = (id: string): string => `${id.slice(0, 6)}…`;
