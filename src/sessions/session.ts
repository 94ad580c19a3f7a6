import type { SessionContext } from "./context.ts";
import { type Envelope, rememberedWrites } from "./envelope.ts";
import { isOwner } from "./ids.ts";
import type { SessionKind } from "./kind.ts";

/** A session without its data. */
export interface SessionHead {
  id: string;
  kind: string;
  owner: string;
  revision: number;
  /** Epoch milliseconds: created, expires unless used, over in any case. */
  createdAt: number;
  expiresAt: number;
  endsAt: number;
}

/** A session and its data. */
export interface Session<T> extends SessionHead {
  data: T;
}

/** A session, or why there is none: `gone` when it ended or never was, `foreign` when it belongs to another owner. */
export type Found<T> = { found: true; session: Session<T> } | NotFound;
export interface NotFound {
  found: false;
  reason: "gone" | "foreign";
}

export const gone = { found: false, reason: "gone" } as const satisfies NotFound;

export const headOf = (id: string, { kind, owner, revision, createdAt, expiresAt, endsAt }: Envelope): SessionHead => ({
  id,
  kind,
  owner,
  revision,
  createdAt,
  expiresAt,
  endsAt,
});

/**
 * Returns a new session at revision 1. Throws `RangeError` for an owner that cannot be part of a key, and for a lifetime that an
 * owner's list may not reach.
 */
export function createEnvelope<T>(
  { clock, longestLifetimeMs }: SessionContext,
  kind: SessionKind<T>,
  owner: string,
  data: string,
): Envelope {
  if (owner !== "" && !isOwner(owner)) {
    throw new RangeError(`"${owner.slice(0, 80)}" cannot own a session: an owner is 1 to 64 letters, digits, - or _.`);
  }
  if (owner !== "" && kind.lifetimeMs > longestLifetimeMs) {
    throw new RangeError(
      `"${kind.name}" sessions live longer than the ${longestLifetimeMs / 86_400_000} days allowed with an owner. Lower their lifetimeMs, or raise longestLifetimeMs of createSessions.`,
    );
  }
  const now = clock.now();
  return {
    kind: kind.name,
    version: kind.version,
    owner,
    revision: 1,
    createdAt: now,
    expiresAt: now + kind.ttlMs,
    endsAt: now + kind.lifetimeMs,
    writes: [],
    data,
  };
}

/** Returns a session after an update of its data: the next revision, with its expiry slid. */
export const nextEnvelope = <T>(
  { clock }: SessionContext,
  kind: SessionKind<T>,
  envelope: Envelope,
  data: string,
  writeId: string,
): Envelope => ({
  ...envelope,
  version: kind.version,
  data,
  revision: envelope.revision + 1,
  expiresAt: Math.min(clock.now() + kind.ttlMs, envelope.endsAt),
  writes: [...envelope.writes, writeId].slice(-rememberedWrites),
});

/** Returns a session with its data, migrated and checked. Throws `SessionSchemaError`. */
export const openSession = async <T>(kind: SessionKind<T>, id: string, envelope: Envelope): Promise<Session<T>> => ({
  ...headOf(id, envelope),
  data: await kind.read(envelope.data, envelope.version),
});
