import { base64url, isSameSecret, sha256 } from "../platform/index.ts";
import type { SessionContext } from "./context.ts";
import { createSession } from "./create-session.ts";
import type { Envelope } from "./envelope.ts";
import type { SessionKind } from "./kind.ts";
import { listSessions } from "./list-sessions.ts";
import { readSession, type SessionRef, slideExpiry } from "./read-session.ts";
import { removeSession } from "./remove-session.ts";
import { createEnvelope, type Found, gone, type NotFound, nextEnvelope, openSession, type Session } from "./session.ts";
import { updateSession } from "./update-session.ts";

/** A session and its token. The token is shown once, to its bearer; Redis holds a digest of its secret. */
export type Issued<T> = { session: Session<T>; token: string };

/**
 * Sessions that belong to the bearer of their token, such as a cookie: `<owner>.<id>.<secret>`. An id without its secret, from
 * a list or from Redis, opens nothing.
 *
 * @example
 * const { token } = await bearers.issue({ since: Date.now() }, { owner: "admin" });
 * const found = await bearers.verify(token);
 */
export interface BearerStore<T> {
  /** Creates a session for an owner, as `SessionStore.create` does. Cost: 3 commands, 1 round trip. */
  issue(data: T, options: { owner: string }): Promise<Issued<T>>;
  /**
   * Returns the token's session and slides its expiry. A wrong secret is indistinguishable from a missing session.
   *
   * Cost: 1 command, 1 round trip; 1 of each more behind the answer once in a quarter of the session's life.
   */
  verify(token: string): Promise<Found<T>>;
  /**
   * Gives the session a new secret, such as after a login. The old token stays valid for ten seconds, for requests that a
   * browser has already sent, and rotates no more: of several requests with one cookie one gives the next.
   *
   * Cost: 2 commands, 2 round trips.
   */
  rotate(token: string): Promise<({ found: true } & Issued<T>) | NotFound>;
  /** Returns an owner's sessions of this kind, the oldest first. Cost: 2 commands, 2 round trips. */
  list(owner: string): Promise<Session<T>[]>;
  /** Ends the token's session. Returns whether it existed. Cost: 2 commands, 2 round trips. */
  end(token: string): Promise<boolean>;
}

const overlapMs = 10_000;

export function createBearerStore<T>(context: SessionContext, kind: SessionKind<T>): BearerStore<T> {
  const { clock } = context;
  const tokenOf = (owner: string, id: string, secret: string): string => `${owner}.${id}.${secret}`;

  /** Reads the token's session. A wrong secret is indistinguishable from a missing session. */
  async function readByToken(token: string) {
    const [owner = "", id = "", secret = "", ...more] = token.split(".");
    if (owner === "" || secret === "" || more.length > 0) return gone;
    const ref: SessionRef = { id, owner };
    const stored = await readSession(context, kindOf(kind), ref);
    return stored.found && (await isSecretOf(stored.envelope, secret, clock.now())) ? { ...stored, ref } : gone;
  }

  return {
    async issue(data, { owner }) {
      if (owner === "") throw new RangeError("A bearer's session needs an owner, so that it can be revoked.");
      const id = context.createId();
      const secret = context.createSecret();
      const created = createEnvelope(context, kind, owner, await kind.write(data));
      const envelope = { ...created, kind: kindOf(kind), secret: { digest: await digestOf(secret) } };
      await createSession(context, id, envelope);
      context.onUsed("created", kind.name);
      return { session: await openSession(kind, id, envelope), token: tokenOf(owner, id, secret) };
    },
    async verify(token) {
      const stored = await readByToken(token);
      if (!stored.found) return stored;
      const session = await openSession(kind, stored.ref.id, stored.envelope);
      slideExpiry(context, kind.ttlMs, stored.ref, stored);
      context.onUsed("read", kind.name);
      return { found: true, session };
    },
    async rotate(token) {
      const [owner = "", id = "", given = ""] = token.split(".");
      const secret = context.createSecret();
      const digest = await digestOf(secret);
      const writeId = context.createId().slice(0, 8);
      const done = await updateSession(context, {
        kind: kindOf(kind),
        ref: { id, owner },
        writeId,
        async next(envelope) {
          if (!envelope.secret || !(await isSameSecret(await digestOf(given), envelope.secret.digest)))
            return undefined;
          const { data } = await openSession(kind, id, envelope);
          const secret = { digest, previous: envelope.secret.digest, previousUntil: clock.now() + overlapMs };
          return { ...nextEnvelope(context, kind, envelope, await kind.write(data), writeId), secret };
        },
      });
      if (!done.found) return gone;
      context.onUsed("updated", kind.name);
      return { found: true, session: await openSession(kind, id, done.envelope), token: tokenOf(owner, id, secret) };
    },
    async list(owner) {
      const listed = await listSessions(context, owner);
      const own = listed.filter(({ envelope }) => envelope.kind === kindOf(kind));
      return Promise.all(own.map(({ head, envelope }) => openSession(kind, head.id, envelope)));
    },
    async end(token) {
      const stored = await readByToken(token);
      const isEnded = stored.found && (await removeSession(context, stored.ref.id));
      if (isEnded) context.onUsed("ended", kind.name);
      return isEnded;
    },
  };
}

// --- Internal helpers ---

/** Stored under a kind that no plain store asks for, so that only the secret opens the session. */
const kindOf = ({ name }: SessionKind<unknown>): string => `${name}!`;

const digestOf = async (secret: string): Promise<string> => base64url(await sha256(secret));

/** Returns whether the secret is the current one, or the one before it within its overlap. */
async function isSecretOf({ secret }: Envelope, given: string, now: number): Promise<boolean> {
  if (!secret) return false;
  const digest = await digestOf(given);
  const { digest: current, previous = "", previousUntil = 0 } = secret;
  const [isCurrent, isPrevious] = await Promise.all([isSameSecret(digest, current), isSameSecret(digest, previous)]);
  return isCurrent || (isPrevious && now < previousUntil);
}
