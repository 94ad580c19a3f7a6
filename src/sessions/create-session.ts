import { RedisUnknownOutcomeError } from "../redis/index.ts";
import type { SessionHost } from "./context.ts";
import { type Envelope, writeEnvelope } from "./envelope.ts";
import { isOnRoster, noteOwner, readLiving, readRoster, recordsIn, rewriteRoster, writeRecord } from "./roster.ts";

/**
 * Puts a new session into Redis, and its id on its owner's roster; ends the owner's oldest where that makes too many. 2
 * commands in 1 round trip (1/1 without an owner); an owner's first 1/1 more behind the answer, one that fills the roster 3
 * to 5 more.
 */
export async function create(host: SessionHost, id: string, envelope: Envelope): Promise<void> {
  const text = writeEnvelope(envelope);
  for (let losses = 0; ; losses++) {
    try {
      const length = await put(host, id, text, envelope);
      if (envelope.owner !== "") await afterwards(host, envelope.owner, length);
      return;
    } catch (error) {
      // Nobody else knows the id, and what is written is the same: doing it again does no harm.
      if (!(error instanceof RedisUnknownOutcomeError) || losses === maxLosses) throw error;
      if (await isThere(host, id, text, envelope.owner)) return;
    }
  }
}

// --- Internal helpers ---

const maxLosses = 2;

/** The roster's length afterwards. Its record comes first: a record without a session is nothing, the reverse would be unlisted. */
async function put(
  host: SessionHost,
  id: string,
  text: string,
  { owner, endsAt, expiresAt }: Envelope,
): Promise<number> {
  const redis = host.redis();
  const key = host.keys.session(id);
  const px = expiresAt - host.now();
  if (owner === "") {
    await redis.set(key, text, { nx: true, px });
    return 0;
  }
  const record = writeRecord({ id, endsAt });
  const [length] = await Promise.all([
    redis.exec<number>(["APPEND", host.keys.roster(owner), record]),
    redis.set(key, text, { nx: true, px }),
  ]);
  return length;
}

async function isThere(host: SessionHost, id: string, text: string, owner: string): Promise<boolean> {
  const key = host.keys.session(id);
  if (owner === "") return (await host.redis().get<string>(key)) === text;
  const [standing, roster = null] = await host.redis().mget<(string | null)[]>(key, host.keys.roster(owner));
  return standing === text && isOnRoster(roster, id);
}

async function afterwards(host: SessionHost, owner: string, length: number): Promise<void> {
  if (recordsIn(length) > host.maxPerOwner) return enforceCap(host, owner);
  // Doing it twice is doing it once; where it fails, the next rewriting of the roster makes up for it.
  if (recordsIn(length) === 1) host.waitUntil(noteOwner(host, owner).catch(() => noteOwner(host, owner)));
}

/** Leaves an owner the newest sessions that are there, as many as one may have. 3 to 5 commands. */
async function enforceCap(host: SessionHost, owner: string): Promise<void> {
  const roster = await host.redis().get<string>(host.keys.roster(owner));
  if (roster === null) return;
  const living = await readLiving(host, readRoster(roster));
  const kept = living.slice(-host.maxPerOwner);
  const ended = living.slice(0, living.length - kept.length);
  const isWritten = await rewriteRoster(host, owner, roster, new Set(kept.map(({ head }) => head.id)));
  // Off the roster they are over already; what is left of them need not wait for its expiry.
  if (isWritten && ended.length > 0) await host.redis().unlink(...ended.map(({ head }) => host.keys.session(head.id)));
}
