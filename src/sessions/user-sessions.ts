import type { SessionKind } from "./kind.ts";
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";
import type { Updated, UpdateOptions } from "./store.ts";

/** What is known of every person's session besides what the bot adds. */
export interface UserData {
  /** Where it was begun; null outside of servers. */
  guildId: string | null;
}

/** Of all persons together. */
export interface UserStatistics {
  totalSessions: number;
  uniqueUsers: number;
  sessionsPerUser: ReadonlyMap<string, number>;
}

/** Sessions of persons, by their Discord ids. A session is there for its person alone, whoever else knows its id. */
export interface UserSessions<T extends UserData> {
  /** 2 commands in 1 round trip, as `SessionStore.create`. */
  create(userId: string, guildId: string | null, metadata: Omit<T, "guildId">): Promise<Session<T>>;
  /** Uses one: its expiry slides. 1/1. */
  get(userId: string, id: string): Promise<Session<T> | undefined>;
  /** By compare-and-set, 2/2. */
  update(userId: string, id: string, change: (data: T) => T, options?: UpdateOptions): Promise<Updated<T>>;
  /** The one that was begun last and is still there. 2/2. */
  current(userId: string): Promise<Session<T> | undefined>;
  /** The oldest first. 2/2. */
  all(userId: string): Promise<Session<T>[]>;
  /** Says whether there was one. 2/2. */
  end(userId: string, id: string): Promise<boolean>;
  /** Ends every session of the person, those of other kinds too, in all isolates at once. 1/1. */
  endAll(userId: string): Promise<void>;
  /** Is it there? Nothing slides. 1/1. */
  validate(userId: string, id: string): Promise<boolean>;
  /** As if it had been used just now, whatever is left of its life. 2/2. */
  refresh(userId: string, id: string): Promise<boolean>;
  /** Costs what `Sessions.statistics` does. */
  statistics(): Promise<UserStatistics>;
}

/**
 * Persons' sessions on top of `sessions`. 0 commands.
 *
 * @example
 * const kind = sessionKind({ name: "user", schema: v.object({ guildId: v.nullable(v.string()), topic: v.string() }) });
 * const session = await createUserSessions(sessions, kind).create(user.id, guildId, { topic: "birds" });
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
    async statistics() {
      const { sessions: totalSessions, owners: uniqueUsers, perOwner: sessionsPerUser } = await sessions.statistics();
      return { totalSessions, uniqueUsers, sessionsPerUser };
    },
  };
}
