import { type RedisCommands, RedisUnknownOutcomeError } from "../redis/index.ts";
import { type BearerStore, createBearerStore } from "./bearer.ts";
import type { SessionHost } from "./context.ts";
import { cleanUp, readOwned, type SessionStatistics, statisticsOf, walk } from "./directory.ts";
import { createSecret, createSessionId, isOwner } from "./ids.ts";
import { createKeys } from "./keys.ts";
import type { SessionKind } from "./kind.ts";
import { remove } from "./remove-session.ts";
import { isOnRoster, type SessionHead } from "./roster.ts";
import { createStore, type SessionStore } from "./store.ts";

export interface SessionsOptions {
  /** The door to Redis; asked for when first needed. */
  redis(): RedisCommands;
  /** Before every key. */
  prefix: string;
  /** Keeps the invocation alive for what nobody waits for. */
  waitUntil(work: Promise<unknown>): void;
  /** How many sessions of all kinds one owner may have; one more ends the oldest. Default: 20. */
  maxPerOwner?: number;
  now?(): number;
  random?(): number;
  sleep?(ms: number): Promise<void>;
  createId?(): string;
  createSecret?(): string;
}

/**
 * Sessions, for one invocation. Nothing about them is kept in the isolate: what one begins, every other sees at once.
 *
 * Not guaranteed where replicas answer reads: for as long as one is behind, another isolate may miss a session that has just
 * begun, or find one that has just ended; updates are compared where writes go, and never bring one back. A beginning or an
 * `endAll` whose request lay about and arrives late takes effect then. A failover that loses the last writes loses them here.
 */
export interface Sessions {
  /** The sessions of one kind. */
  store<T>(kind: SessionKind<T>): SessionStore<T>;
  /** Those of a kind that belong to whoever bears their token. */
  bearers<T>(kind: SessionKind<T>): BearerStore<T>;
  /** An owner's sessions of every kind, the oldest first. 2 commands in 2 round trips. */
  list(owner: string): Promise<SessionHead[]>;
  /** How many those are. 2/2. */
  count(owner: string): Promise<number>;
  /** Ends one of an owner's sessions, whatever its kind; says whether there was one. 2/2. */
  end(owner: string, id: string): Promise<boolean>;
  /** Ends all of an owner's sessions at once, in every isolate. 1/1. */
  endAll(owner: string): Promise<void>;
  /** Every session that has an owner. 2/2 for each hundred owners, and 1/1 for every hundred sessions. */
  all(): AsyncGenerator<SessionHead>;
  /** How many there are, and whose. Costs what `all` does. */
  statistics(): Promise<SessionStatistics>;
  /** Takes what is over off the lists; says how much that was. Costs what `all` does, and up to 3 for each owner it concerns. */
  cleanUp(): Promise<number>;
}

/**
 * Opens the sessions for one invocation. 0 commands.
 *
 * @example
 * const session = await sessions.store(setups).create({ step: 0 }, { owner: user.id });
 */
export function createSessions({
  redis,
  prefix,
  waitUntil,
  maxPerOwner = 20,
  now = Date.now,
  random = Math.random,
  sleep = (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
  createId = createSessionId,
  createSecret: secret = createSecret,
}: SessionsOptions): Sessions {
  const host: SessionHost = {
    keys: createKeys(prefix),
    maxPerOwner,
    redis,
    now,
    random,
    sleep,
    createId,
    createSecret: secret,
    waitUntil,
  };

  const list = async (owner: string) => (await readOwned(host, owner)).map(({ head }) => head);

  return {
    store: (kind) => createStore(host, kind),
    bearers: (kind) => createBearerStore(host, kind),
    list,
    count: async (owner) => (await list(owner)).length,
    async end(owner, id) {
      if (!isOwner(owner)) return false;
      const roster = await redis().get<string>(host.keys.roster(owner));
      return isOnRoster(roster, id) && remove(host, id);
    },
    async endAll(owner) {
      if (!isOwner(owner)) return;
      const drop = () => redis().unlink(host.keys.roster(owner));
      await drop().catch((error: unknown) => {
        if (!(error instanceof RedisUnknownOutcomeError)) throw error;
        // Dropping it twice is dropping it once.
        return drop();
      });
    },
    async *all() {
      for await (const { living } of walk(host)) for (const { head } of living) yield head;
    },
    statistics: () => statisticsOf(host),
    cleanUp: () => cleanUp(host),
  };
}
