import type { SessionContext } from "./context.ts";
import { createSession } from "./create-session.ts";
import type { SessionKind } from "./kind.ts";
import { listSessions } from "./list-sessions.ts";
import { readSession, type SessionRef, slideExpiry } from "./read-session.ts";
import { removeSession } from "./remove-session.ts";
import { createEnvelope, type Found, type NotFound, nextEnvelope, openSession, type Session } from "./session.ts";
import { updateSession } from "./update-session.ts";

/** The updated session, or why there is none. `attempts` is more than 1 after a conflict. */
export type Updated<T> = { found: true; session: Session<T>; attempts: number } | NotFound;

export interface UpdateOptions {
  /** Throws `SessionConflictError` unless the session is at this revision. Default: any revision. */
  expected?: number;
  /** `refuse` throws `SessionConflictError` when another write came first. Default: `retry`, with the updater run again. */
  onConflict?: "retry" | "refuse";
  /** Default: 20, which take a few seconds at most. */
  attempts?: number;
  /** Names the update. A name among the session's last sixteen is not applied again. Default: a new name. */
  writeId?: string;
}

/**
 * The sessions of one kind, for one invocation.
 *
 * @example
 * const { id } = await store.create({ step: 0 }, { owner: user.id });
 * await store.update({ id, owner: user.id }, ({ step }) => ({ step: step + 1 }), { writeId: interaction.id });
 */
export interface SessionStore<T> {
  /**
   * Creates a session. With an owner it is found by that owner only, and is on their list, which ends with the last session
   * on it. A session beyond the owner's maximum ends the oldest. `id` is 22 letters, digits, - or _, such as `sessionIdFrom`
   * returns; default: a new one. Throws `SessionTakenError` for the id of another session, `SessionSchemaError`,
   * `SessionTooLargeError`, or `RangeError` for an unusable owner or id.
   *
   * Cost: 3 commands, 1 round trip; 1 command without an owner. 1 of each more behind the answer for lifetimes under 30 days, or
   * 2 or 3 commands to end a session.
   */
  create(data: T, options?: { owner?: string; id?: string }): Promise<Session<T>>;
  /**
   * Returns a session, or why there is none, and slides its expiry. Throws `SessionSchemaError` for data that no longer fits.
   *
   * Cost: 1 command, 1 round trip; 1 of each more behind the answer once in a quarter of the session's life.
   */
  find(ref: SessionRef): Promise<Found<T>>;
  /** Returns a session or `undefined`; `find` without the reason. Cost: 1 command, 1 round trip. */
  get(ref: SessionRef): Promise<Session<T> | undefined>;
  /** Returns whether the session exists. Its expiry does not slide. Cost: 1 command, 1 round trip. */
  exists(ref: SessionRef): Promise<boolean>;
  /**
   * Changes the data by compare-and-set, and slides the expiry. `change` gets the stored data, and runs again after each
   * conflict, so it must only compute. An ended session stays ended. Throws `SessionConflictError`, `SessionSchemaError` or
   * `SessionTooLargeError`.
   *
   * Cost: 2 commands, 2 round trips; 1 of each more for a first conflict, 2 of each for every further one.
   */
  update(
    ref: SessionRef,
    change: (data: T, session: Session<T>) => T | Promise<T>,
    options?: UpdateOptions,
  ): Promise<Updated<T>>;
  /**
   * Lets a session expire `ms` milliseconds from now, within its lifetime. Returns whether it exists. Its revision stays.
   *
   * Cost: 2 commands, 2 round trips.
   */
  extend(ref: SessionRef, ms: number): Promise<boolean>;
  /** Ends a session of this kind. Returns whether it existed. Cost: 2 commands, 2 round trips. */
  end(ref: SessionRef): Promise<boolean>;
  /**
   * Returns an owner's sessions of this kind, the oldest first. Ended sessions of any kind leave the list behind the answer.
   *
   * Cost: 2 commands, 2 round trips; 1 of each more behind the answer when sessions have ended.
   */
  list(owner: string): Promise<Session<T>[]>;
}

export function createStore<T>(context: SessionContext, kind: SessionKind<T>): SessionStore<T> {
  const { clock } = context;

  async function find(ref: SessionRef): Promise<Found<T>> {
    const stored = await readSession(context, kind.name, ref);
    if (!stored.found) return stored;
    const session = await openSession(kind, ref.id, stored.envelope);
    slideExpiry(context, kind.ttlMs, ref, stored);
    context.onUsed("read", kind.name);
    return { found: true, session };
  }

  return {
    async create(data, { owner = "", id = context.createId() } = {}) {
      const envelope = createEnvelope(context, kind, owner, await kind.write(data));
      await createSession(context, id, envelope);
      context.onUsed("created", kind.name);
      return openSession(kind, id, envelope);
    },
    find,
    async get(ref) {
      const found = await find(ref);
      return found.found ? found.session : undefined;
    },
    exists: async (ref) => (await readSession(context, kind.name, ref)).found,
    async update(ref, change, { expected, onConflict, attempts, writeId = context.createId().slice(0, 8) } = {}) {
      const done = await updateSession(context, {
        kind: kind.name,
        ref,
        expected,
        onConflict,
        attempts,
        writeId,
        async next(envelope) {
          const session = await openSession(kind, ref.id, envelope);
          const data = await kind.write(await change(session.data, session));
          return nextEnvelope(context, kind, envelope, data, writeId);
        },
      });
      if (!done.found) return done;
      context.onUsed("updated", kind.name);
      return { found: true, session: await openSession(kind, ref.id, done.envelope), attempts: done.attempts };
    },
    async extend(ref, ms) {
      const done = await updateSession(context, {
        kind: kind.name,
        ref,
        writeId: "",
        next: (envelope) => ({ ...envelope, expiresAt: Math.min(clock.now() + ms, envelope.endsAt) }),
      });
      return done.found;
    },
    async end(ref) {
      const stored = await readSession(context, kind.name, ref);
      const isEnded = stored.found && (await removeSession(context, ref.id));
      if (isEnded) context.onUsed("ended", kind.name);
      return isEnded;
    },
    async list(owner) {
      const own = (await listSessions(context, owner)).filter(({ head }) => head.kind === kind.name);
      return Promise.all(own.map(({ head, envelope }) => openSession(kind, head.id, envelope)));
    },
  };
}
