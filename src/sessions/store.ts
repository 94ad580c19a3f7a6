import type { SessionHost } from "./context.ts";
import { create } from "./create-session.ts";
import { readOwned } from "./directory.ts";
import type { SessionKind } from "./kind.ts";
import { look, type SessionRef, touch } from "./read-session.ts";
import { remove } from "./remove-session.ts";
import { begin, type Found, type NotFound, open, type Session, succeed } from "./session.ts";
import { rewrite } from "./update-session.ts";

/** How an update went. `attempts` is more than 1 where somebody else was first. */
export type Updated<T> = { found: true; session: Session<T>; attempts: number } | NotFound;

export interface UpdateOptions {
  /** Only while the session stands at this revision; else `SessionConflictError`. */
  expected?: number;
  /** `refuse` throws a `SessionConflictError` when somebody else was first. Default: `retry`, with the updater run again. */
  onConflict?: "retry" | "refuse";
  /** Default: 20, over some seconds at most. */
  attempts?: number;
  /** Names the update: while it is among the session's last sixteen it is not done a second time. Default: a new name. */
  writeId?: string;
}

/** The sessions of one kind, for one invocation. */
export interface SessionStore<T> {
  /**
   * Begins a session; with an owner it is theirs alone and on their list. 2 commands in 1 round trip, without an owner 1/1.
   * An owner's first costs 1/1 more behind the answer, and one too many 3 to 5 more, which end the oldest.
   */
  create(data: T, options?: { owner?: string; id?: string }): Promise<Session<T>>;
  /** Uses a session: its expiry slides. 1/1, and once in a quarter of its life 1 more behind the answer. */
  find(ref: SessionRef): Promise<Found<T>>;
  /** The same, without the reason. */
  get(ref: SessionRef): Promise<Session<T> | undefined>;
  /** Is it there? Nothing slides. 1/1. */
  exists(ref: SessionRef): Promise<boolean>;
  /**
   * Changes the data by compare-and-set; the expiry slides. The updater gets what stands there and is run again when somebody
   * else was first, so it does nothing but compute. 2/2; 1/1 more for a first conflict, 2/2 for each further one. What ended stays ended.
   */
  update(
    ref: SessionRef,
    change: (data: T, session: Session<T>) => T | Promise<T>,
    options?: UpdateOptions,
  ): Promise<Updated<T>>;
  /** Gives a session so many more milliseconds from now, within its lifetime. Its revision stays. 2/2. */
  extend(ref: SessionRef, ms: number): Promise<boolean>;
  /** Ends a session; says whether there was one. 2/2, without an owner 1/1. */
  end(ref: SessionRef): Promise<boolean>;
  /** An owner's sessions of this kind, the oldest first; those of any kind that are over leave the list behind the answer. 2/2. */
  list(owner: string): Promise<Session<T>[]>;
}

export function createStore<T>(host: SessionHost, kind: SessionKind<T>): SessionStore<T> {
  async function find(ref: SessionRef): Promise<Found<T>> {
    const seen = await look(host, kind.name, ref);
    if (!seen.found) return seen;
    const session = await open(kind, ref.id, seen.envelope);
    touch(host, kind.ttlMs, ref, seen);
    return { found: true, session };
  }

  return {
    async create(data, { owner = "", id = host.createId() } = {}) {
      const envelope = begin(host, kind, owner, await kind.write(data));
      await create(host, id, envelope);
      return open(kind, id, envelope);
    },
    find,
    async get(ref) {
      const found = await find(ref);
      return found.found ? found.session : undefined;
    },
    exists: async (ref) => (await look(host, kind.name, ref)).found,
    async update(
      ref,
      change,
      { expected, onConflict = "retry", attempts = 20, writeId = host.createId().slice(0, 8) } = {},
    ) {
      const done = await rewrite(host, {
        kind: kind.name,
        ref,
        expected,
        onConflict,
        attempts,
        writeId,
        async next(envelope) {
          const session = await open(kind, ref.id, envelope);
          const data = await kind.write(await change(session.data, session));
          return succeed(host, kind, envelope, data, writeId);
        },
      });
      if (!done.found) return done;
      return { found: true, session: await open(kind, ref.id, done.envelope), attempts: done.attempts };
    },
    async extend(ref, ms) {
      const done = await rewrite(host, {
        kind: kind.name,
        ref,
        onConflict: "retry",
        attempts: 20,
        writeId: "",
        next: (envelope) => ({ ...envelope, expiresAt: Math.min(host.now() + ms, envelope.endsAt) }),
      });
      return done.found;
    },
    async end(ref) {
      const { owner = "" } = ref;
      if (owner !== "" && !(await look(host, kind.name, ref)).found) return false;
      return remove(host, ref.id);
    },
    async list(owner) {
      const own = (await readOwned(host, owner)).filter(({ head }) => head.kind === kind.name);
      return Promise.all(own.map(({ head, envelope }) => open(kind, head.id, envelope)));
    },
  };
}
