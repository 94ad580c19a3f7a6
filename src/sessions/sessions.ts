import { type Clock, systemClock } from "../platform/index.ts";
import { sendAgainIfUnknown } from "../redis/index.ts";
import { type BearerStore, createBearerStore } from "./bearer.ts";
import type { SessionCommands, SessionContext, SessionUse } from "./context.ts";
import { decodeEnvelope } from "./envelope.ts";
import { createSecret, createSessionId, isOwner, isSessionId } from "./ids.ts";
import { createKeys } from "./keys.ts";
import { defaultLifetimeMs, type SessionKind } from "./kind.ts";
import { listSessions } from "./list-sessions.ts";
import { isListed } from "./owner-list.ts";
import { removeSession } from "./remove-session.ts";
import type { SessionHead } from "./session.ts";
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
  /**
   * The longest lifetime of a session with an owner, in milliseconds. Raise it for longer kinds: others then cost 1 command, 1
   * round trip more behind the answer when they are created. Lowering it ends longer sessions early. Default: 30 days.
   */
  longestLifetimeMs?: number;
  /** Told what was done with a session of which kind, for metrics. */
  onUsed?(use: SessionUse, kind: string): void;
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
}

/**
 * Returns the sessions of one invocation.
 *
 * @example
 * const session = await sessions.store(setups).create({ step: 0 }, { owner: user.id });
 *
 * Cost: 0 commands.
 */
export function createSessions({
  redis,
  prefix,
  waitUntil,
  maxPerOwner = 20,
  longestLifetimeMs = defaultLifetimeMs,
  onUsed = () => {},
  clock = systemClock,
  createId = createSessionId,
  createSecret: secret = createSecret,
}: SessionsOptions): Sessions {
  const context: SessionContext = {
    keys: createKeys(prefix),
    maxPerOwner,
    longestLifetimeMs,
    onUsed,
    redis,
    clock,
    createId,
    createSecret: secret,
    behind: (work) => waitUntil(work.catch(() => undefined)),
  };

  const list = async (owner: string) => (await listSessions(context, owner)).map(({ head }) => head);

  return {
    store: (kind) => createStore(context, kind),
    bearers: (kind) => createBearerStore(context, kind),
    list,
    count: async (owner) => (await list(owner)).length,
    async end(owner, id) {
      if (!isOwner(owner) || !isSessionId(id)) return false;
      const { session, ownerList } = context.keys;
      const [text = null, ids = null] = await redis().mget<(string | null)[]>(session(id), ownerList(owner));
      const isTheirs = text !== null && decodeEnvelope(text)?.owner === owner;
      return isTheirs && isListed(ids, id) && removeSession(context, id);
    },
    async endAll(owner) {
      if (!isOwner(owner)) return;
      await sendAgainIfUnknown(() => redis().unlink(context.keys.ownerList(owner)));
    },
  };
}
