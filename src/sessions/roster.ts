import { compareAndDelete, compareAndSwap } from "../redis/index.ts";
import type { SessionHost } from "./context.ts";
import { type Envelope, readEnvelope } from "./envelope.ts";
import { isSessionId } from "./ids.ts";

// An owner's roster is one string: a record of 31 characters for each of their sessions, the oldest first. A session is
// valid only while its id is in there, so that one MGET answers "what is it" and "is it revoked"; dropping the roster begins
// a new epoch, in which none of the old ones counts, and so does losing it: where a lost counter would revive them.

/** One session of a roster. `endsAt` is when it is over in any case, in epoch milliseconds. */
export interface RosterRecord {
  id: string;
  endsAt: number;
}

/** What is known of a living session without its data. */
export interface SessionHead {
  id: string;
  kind: string;
  owner: string;
  revision: number;
  /** Epoch milliseconds: begun, forgotten unless it is used, over in any case. */
  createdAt: number;
  expiresAt: number;
  endsAt: number;
}

/** A session of a roster that is there, with what stands in Redis. */
export interface Living {
  head: SessionHead;
  envelope: Envelope;
}

const recordLength = 31;

export const writeRecord = ({ id, endsAt }: RosterRecord): string => `${id}${endsAt.toString(36).padStart(9, "0")}`;

/** How many records so many characters are, those included that are over. */
export const recordsIn = (characters: number): number => Math.ceil(characters / recordLength);

/** Is the session on the roster? */
export const isOnRoster = (roster: string | null, id: string): boolean =>
  roster !== null && readRoster(roster).some((record) => record.id === id);

/** The records, each id once, the oldest first. */
export function readRoster(roster: string): RosterRecord[] {
  const records = new Map<string, RosterRecord>();
  for (let from = 0; from + recordLength <= roster.length; from += recordLength) {
    const id = roster.slice(from, from + 22);
    const endsAt = Number.parseInt(roster.slice(from + 22, from + recordLength), 36);
    if (isSessionId(id) && Number.isFinite(endsAt)) records.set(id, { id, endsAt });
  }
  return [...records.values()];
}

/** The sessions of some rosters that are there, in their order. 1 command in 1 round trip for every hundred records. */
export async function readLiving(host: SessionHost, records: readonly RosterRecord[]): Promise<Living[]> {
  const current = records.filter(({ endsAt }) => endsAt > host.now());
  const living: Living[] = [];
  for (let from = 0; from < current.length; from += pageSize) {
    const page = current.slice(from, from + pageSize);
    const texts = await host.redis().mget<(string | null)[]>(...page.map(({ id }) => host.keys.session(id)));
    for (const [index, { id }] of page.entries()) {
      const text = texts[index];
      const envelope = typeof text === "string" ? readEnvelope(text) : undefined;
      if (envelope) living.push({ head: headOf(id, envelope), envelope });
    }
  }
  return living;
}

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
 * Writes a roster anew with only these ids, unless somebody changed it meanwhile: then it is left to the next who uses it.
 * The owner is noted again with it. 2 commands in 1 round trip.
 */
export async function rewriteRoster(
  host: SessionHost,
  owner: string,
  roster: string,
  kept: ReadonlySet<string>,
): Promise<boolean> {
  const value = readRoster(roster)
    .filter(({ id }) => kept.has(id))
    .map(writeRecord)
    .join("");
  if (value === roster) return true;
  // The owner stays on the list until somebody walks through it: they may be about to begin another.
  if (value === "") return compareAndDelete(host.redis(), host.keys.roster(owner), roster);
  const [standing] = await Promise.all([
    compareAndSwap(host.redis(), { key: host.keys.roster(owner), value, expected: roster }),
    noteOwner(host, owner),
  ]);
  return standing === roster;
}

/** Puts an owner among those who have a roster. 1 command in 1 round trip. */
export const noteOwner = (host: SessionHost, owner: string): Promise<unknown> =>
  host.redis().zadd(host.keys.owners, { score: 0, member: owner });

// --- Internal helpers ---

const pageSize = 100;
