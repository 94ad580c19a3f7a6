import type { SessionHost } from "./context.ts";
import { create } from "./create-session.ts";
import type { Envelope } from "./envelope.ts";
import { base64url } from "./ids.ts";
import type { SessionKind } from "./kind.ts";
import { look, type SessionRef, touch } from "./read-session.ts";
import { remove } from "./remove-session.ts";
import { begin, type Found, gone, type NotFound, open, type Session, succeed } from "./session.ts";
import { rewrite } from "./update-session.ts";

/** A session and the token that stands for it: shown once, to its bearer; Redis keeps a digest of its secret. */
export type Issued<T> = { session: Session<T>; token: string };

/**
 * Sessions that belong to whoever bears their token, such as a cookie: `<owner>.<id>.<secret>`. An id without its secret,
 * from a list or from Redis itself, opens nothing.
 */
export interface BearerStore<T> {
  /** 2 commands in 1 round trip, as `SessionStore.create`. */
  issue(data: T, options: { owner: string }): Promise<Issued<T>>;
  /** Uses the session: its expiry slides. 1/1, and once in a quarter of its life 1 more behind the answer. */
  verify(token: string): Promise<Found<T>>;
  /**
   * A new secret for the same session, such as after a login; the old one is taken for ten seconds more, for what a browser
   * has already sent. 2/2.
   */
  rotate(token: string): Promise<({ found: true } & Issued<T>) | NotFound>;
  /** Ends the session; says whether there was one. 2/2. */
  end(token: string): Promise<boolean>;
}

const overlapMs = 10_000;

export function createBearerStore<T>(host: SessionHost, kind: SessionKind<T>): BearerStore<T> {
  const tokenOf = (owner: string, id: string, secret: string): string => `${owner}.${id}.${secret}`;

  /** What the token stands for; a wrong secret is told from nothing at all by nobody. */
  async function lookBehind(token: string) {
    const [owner = "", id = "", secret = "", ...more] = token.split(".");
    if (owner === "" || secret === "" || more.length > 0) return gone;
    const ref: SessionRef = { id, owner };
    const seen = await look(host, kindOf(kind), ref);
    return seen.found && (await isSecretOf(seen.envelope, secret, host.now())) ? { ...seen, ref } : gone;
  }

  return {
    async issue(data, { owner }) {
      if (owner === "") throw new RangeError("A bearer's session needs an owner, so that it can be revoked.");
      const id = host.createId();
      const secret = host.createSecret();
      const begun = begin(host, kind, owner, await kind.write(data));
      const envelope = { ...begun, kind: kindOf(kind), secret: { digest: await digest(secret) } };
      await create(host, id, envelope);
      return { session: await open(kind, id, envelope), token: tokenOf(owner, id, secret) };
    },
    async verify(token) {
      const seen = await lookBehind(token);
      if (!seen.found) return seen;
      const session = await open(kind, seen.ref.id, seen.envelope);
      touch(host, kind.ttlMs, seen.ref, seen);
      return { found: true, session };
    },
    async rotate(token) {
      const [owner = "", id = "", given = ""] = token.split(".");
      const secret = host.createSecret();
      const fresh = await digest(secret);
      const writeId = host.createId().slice(0, 8);
      const done = await rewrite(host, {
        kind: kindOf(kind),
        ref: { id, owner },
        onConflict: "retry",
        attempts: 20,
        writeId,
        async next(envelope) {
          if (!envelope.secret || !(await isSecretOf(envelope, given, host.now()))) return undefined;
          const { data } = await open(kind, id, envelope);
          const secret = { digest: fresh, previous: envelope.secret.digest, previousUntil: host.now() + overlapMs };
          return { ...succeed(host, kind, envelope, await kind.write(data), writeId), secret };
        },
      });
      if (!done.found) return gone;
      return { found: true, session: await open(kind, id, done.envelope), token: tokenOf(owner, id, secret) };
    },
    async end(token) {
      const seen = await lookBehind(token);
      return seen.found && remove(host, seen.ref.id);
    },
  };
}

// --- Internal helpers ---

/** Stored under a kind that no plain store asks for: without the secret there is no way in. */
const kindOf = ({ name }: SessionKind<unknown>): string => `${name}!`;

async function digest(secret: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret))));
}

/** Is it the secret, or the one before it within its overlap? */
async function isSecretOf({ secret }: Envelope, given: string, now: number): Promise<boolean> {
  if (!secret) return false;
  const shown = await digest(given);
  const isCurrent = isSame(shown, secret.digest);
  const isPrevious = isSame(shown, secret.previous ?? "") && now < (secret.previousUntil ?? 0);
  return isCurrent || isPrevious;
}

/** Takes as long wherever the difference is; the lengths of digests are no secret. */
function isSame(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index++)
    difference |= a.charCodeAt(index) ^ b.charCodeAt(index % (b.length || 1));
  return difference === 0;
}
