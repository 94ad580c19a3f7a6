import { type Clock, systemClock } from "../platform/index.ts";
import { sendAgainIfUnknown } from "../redis/index.ts";
import { type BearerStore, createBearerStore } from "./bearer.ts";
import type { SessionCommands, SessionContext } from "./context.ts";
import { cleanUpLists, countSessions, readOwnerSessions, type SessionStatistics, walkOwners } from "./directory.ts";
import { createSecret, createSessionId, isOwner } from "./ids.ts";
import { createKeys } from "./keys.ts";
import type { SessionKind } from "./kind.ts";
import { isListed, type SessionHead } from "./owner-list.ts";
import { removeSession } from "./remove-session.ts";
import { createStore, type SessionStore } from "./store.ts";

export interface SessionsOptions {
  /** Returns the connection's commands; called with each command. */
  redis(): SessionCommands;
  /** Prepended to every key. */
  prefix: string;
  /** Keeps the invocation alive for work behind the answer. */
  waitUntil(work: Promise<unknown>): void;
  /** The number of sessions of all kinds one owner may have. A further one ends the oldest. Default: 20. */
  maxPerOwner?: number;
  clock?: Clock;
  /** Default: 22 random characters. */
  createId?(): string;
  /** Default: 43 random characters. */
  createSecret?(): string;
}

/**
 * Sessions, for one invocation. The isolate keeps none of them: a session that one isolate creates is visible to all at once.
 *
 * Not guaranteed where replicas answer reads: while a replica is behind, an isolate may miss a new session, or find one that
 * has just ended. Updates are compared on the primary, and never bring a session back. A `create` or `endAll` that the network
 * delays takes effect when it arrives. A failover that loses the last writes loses them here too.
 */
export interface Sessions {
  /** Returns the sessions of one kind. Cost: 0 commands. */
  store<T>(kind: SessionKind<T>): SessionStore<T>;
  /** Returns the sessions of one kind that belong to the bearer of their token. Cost: 0 commands. */
  bearers<T>(kind: SessionKind<T>): BearerStore<T>;
  /** Returns an owner's sessions of every kind, the oldest first. Cost: 2 commands, 2 round trips. */
  list(owner: string): Promise<SessionHead[]>;
  /** Returns the number of an owner's sessions. Cost: 2 commands, 2 round trips. */
  count(owner: string): Promise<number>;
  /** Ends one of an owner's sessions, whatever its kind. Returns whether it existed. Cost: 2 commands, 2 round trips. */
  end(owner: string, id: string): Promise<boolean>;
  /** Ends all of an owner's sessions at once, in every isolate. Cost: 1 command, 1 round trip. */
  endAll(owner: string): Promise<void>;
  /**
   * Yields every session that has an owner.
   *
   * Cost: 2 commands, 2 round trips for every hundred owners, and 1 command, 1 round trip for every hundred sessions.
   */
  all(): AsyncGenerator<SessionHead>;
  /** Returns how many sessions there are, and whose. Costs the same as `all`. */
  statistics(): Promise<SessionStatistics>;
  /** Removes ended sessions from the lists. Returns their number. Costs the same as `all`, and up to 3 commands per owner. */
  cleanUp(): Promise<number>;
}

/**
 * Returns the sessions of one invocation. Cost: 0 commands.
 *
 * @example
 * const session = await sessions.store(setups).create({ step: 0 }, { owner: user.id });
 */
export function createSessions({
  redis,
  prefix,
  waitUntil,
  maxPerOwner = 20,
  clock = systemClock,
  createId = createSessionId,
  createSecret: secret = createSecret,
}: SessionsOptions): Sessions {
  const context: SessionContext = {
    keys: createKeys(prefix),
    maxPerOwner,
    redis,
    clock,
    createId,
    createSecret: secret,
    waitUntil,
  };

  const list = async (owner: string) => (await readOwnerSessions(context, owner)).map(({ head }) => head);

  return {
    store: (kind) => createStore(context, kind),
    bearers: (kind) => createBearerStore(context, kind),
    list,
    count: async (owner) => (await list(owner)).length,
    async end(owner, id) {
      if (!isOwner(owner)) return false;
      const ids = await redis().get<string>(context.keys.ownerList(owner));
      return isListed(ids, id) && removeSession(context, id);
    },
    async endAll(owner) {
      if (!isOwner(owner)) return;
      await sendAgainIfUnknown(() => redis().unlink(context.keys.ownerList(owner)));
    },
    async *all() {
      for await (const { listed } of walkOwners(context)) for (const { head } of listed) yield head;
    },
    statistics: () => countSessions(context),
    cleanUp: () => cleanUpLists(context),
  };
}
