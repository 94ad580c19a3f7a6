export type { BearerStore, Issued } from "./bearer.ts";
export type { SessionCommands, SessionUse } from "./context.ts";
export {
  SessionConflictError,
  SessionError,
  SessionSchemaError,
  SessionTakenError,
  SessionTooLargeError,
} from "./errors.ts";
export { sessionIdFrom } from "./ids.ts";
export { type SessionKind, type SessionKindOptions, sessionKind } from "./kind.ts";
export type { SessionRef } from "./read-session.ts";
export type { Found, Session, SessionHead } from "./session.ts";
export { createSessions, type Sessions, type SessionsOptions } from "./sessions.ts";
export type { SessionStore, Updated, UpdateOptions } from "./store.ts";
export { createUserSessions, type UserData, type UserSessions } from "./user-sessions.ts";
