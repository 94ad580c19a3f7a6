import type { SessionHost } from "./context.ts";
import { type Envelope, rememberedWrites } from "./envelope.ts";
import { isOwner } from "./ids.ts";
import type { SessionKind } from "./kind.ts";
import { headOf, type SessionHead } from "./roster.ts";

/** A session and its data. */
export interface Session<T> extends SessionHead {
  data: T;
}

/** A session, or why it is not to be had: it is over or never was, or belongs to somebody else. */
export type Found<T> = { found: true; session: Session<T> } | NotFound;
export interface NotFound {
  found: false;
  reason: "gone" | "foreign";
}

export const gone = { found: false, reason: "gone" } as const satisfies NotFound;

/** A session as it begins. */
export function begin<T>(host: SessionHost, kind: SessionKind<T>, owner: string, data: string): Envelope {
  if (owner !== "" && !isOwner(owner)) {
    throw new RangeError(`"${owner.slice(0, 80)}" cannot own a session: an owner is 1 to 64 letters, digits, - or _.`);
  }
  const now = host.now();
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

/** A session after an update of its kind's data. */
export const succeed = <T>(
  host: SessionHost,
  kind: SessionKind<T>,
  envelope: Envelope,
  data: string,
  writeId: string,
): Envelope => ({
  ...envelope,
  version: kind.version,
  data,
  revision: envelope.revision + 1,
  expiresAt: Math.min(host.now() + kind.ttlMs, envelope.endsAt),
  writes: [...envelope.writes, writeId].slice(-rememberedWrites),
});

/** A session with its data, migrated and checked. Throws `SessionSchemaError`. */
export const open = async <T>(kind: SessionKind<T>, id: string, envelope: Envelope): Promise<Session<T>> => ({
  ...headOf(id, envelope),
  data: await kind.read(envelope.data, envelope.version),
});
