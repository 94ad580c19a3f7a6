import type { SessionKind } from "./kind.ts";
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";
import type { Updated, UpdateOptions } from "./store.ts";

/** The data of every user's session, besides the bot's. */
export interface UserData {
  /** The server the session was created in; null outside of servers. */
  guildId: string | null;
}

/** Sessions of Discord users, by user id. A session is found by its user only, even if another user knows its id. */
export interface UserSessions<T extends UserData> {
  /** Creates a session, as `SessionStore.create` does. Cost: 3 commands, 1 round trip. */
  create(userId: string, guildId: string | null, metadata: Omit<T, "guildId">): Promise<Session<T>>;
  /** Returns a session and slides its expiry. Cost: 1 command, 1 round trip. */
  get(userId: string, id: string): Promise<Session<T> | undefined>;
  /** Changes the data by compare-and-set. Cost: 2 commands, 2 round trips. */
  update(userId: string, id: string, change: (data: T) => T, options?: UpdateOptions): Promise<Updated<T>>;
  /** Returns the user's newest session. Cost: 2 commands, 2 round trips. */
  current(userId: string): Promise<Session<T> | undefined>;
  /** Returns the user's sessions, the oldest first. Cost: 2 commands, 2 round trips. */
  all(userId: string): Promise<Session<T>[]>;
  /** Ends a session. Returns whether it existed. Cost: 2 commands, 2 round trips. */
  end(userId: string, id: string): Promise<boolean>;
  /** Ends every session of the user at once, those of other kinds too, in every isolate. Cost: 1 command, 1 round trip. */
  endAll(userId: string): Promise<void>;
  /** Returns whether the session exists. Its expiry does not slide. Cost: 1 command, 1 round trip. */
  validate(userId: string, id: string): Promise<boolean>;
  /** Slides the expiry as a use does, however much is left. Returns whether the session exists. Cost: 2 commands, 2 round trips. */
  refresh(userId: string, id: string): Promise<boolean>;
}

/**
 * Returns users' sessions on top of `sessions`.
 *
 * @example
 * const kind = sessionKind({ name: "user", schema: v.object({ guildId: v.nullable(v.string()), topic: v.string() }) });
 * const session = await createUserSessions(sessions, kind).create(user.id, guildId, { topic: "birds" });
 *
 * Cost: 0 commands.
 */
export function createUserSessions<T extends UserData>(sessions: Sessions, kind: SessionKind<T>): UserSessions<T> {
  const store = sessions.store(kind);
  return {
    create: (owner, guildId, metadata) => store.create({ ...metadata, guildId } as T, { owner }),
    get: (owner, id) => store.get({ id, owner }),
    update: (owner, id, change, options) => store.update({ id, owner }, change, options),
    current: async (owner) => (await store.list(owner)).at(-1),
    all: (owner) => store.list(owner),
    end: (owner, id) => store.end({ id, owner }),
    endAll: (owner) => sessions.endAll(owner),
    validate: (owner, id) => store.exists({ id, owner }),
    refresh: (owner, id) => store.extend({ id, owner }, kind.ttlMs),
  };
}
