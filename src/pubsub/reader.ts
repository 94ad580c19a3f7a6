import { RedisReplyError } from "../redis/index.ts";
import type { PubsubContext } from "./context.ts";
import type { Gap } from "./events.ts";
import { type Entry, pairsOf, type RawEntry, readEntry } from "./message.ts";
import type { Cursor } from "./state.ts";
import { compareIds, idBefore, origin } from "./stream-id.ts";

/** What one read found. */
export interface Page {
  entries: Entry[];
  /** After the last of them. */
  cursor: Cursor;
  /** What was trimmed away before the first of them; without the reader. */
  gap: Omit<Gap, "reader"> | undefined;
  /** There may be more. */
  isFull: boolean;
}

interface StreamInfo {
  lastId: string;
  /** The first that is left. */
  firstId: string | undefined;
  /** Which one, counted from the first ever added, the first and the last are. */
  firstOrdinal: number;
  lastOrdinal: number;
}

/**
 * Where the bus ends now: what is published from here on comes after it. A concrete id, since `$` would mean another place
 * with every poll. 1 command in 1 round trip (`XINFO STREAM`, `XREVRANGE` where the server has none).
 */
export async function endOfBus(context: PubsubContext): Promise<Cursor> {
  try {
    const info = await streamInfo(context);
    return info ? { id: info.lastId, ordinal: info.lastOrdinal } : { id: origin, ordinal: 0 };
  } catch (error) {
    if (!(error instanceof RedisReplyError)) throw error;
    const [last] = (await context.exec<RawEntry[]>("XREVRANGE", context.keys.stream, "+", "-", "COUNT", 1)) ?? [];
    return { id: last?.[0] ?? origin, ordinal: undefined };
  }
}

/**
 * What comes after a cursor. 1 command in 1 round trip, whatever the number of channels. It reads from right before the
 * cursor, so that the cursor's own entry comes back: when it does not, it was trimmed away, and perhaps others after it.
 * Only then is it asked how many (1/1 more).
 */
export async function readAfter(context: PubsubContext, cursor: Cursor, count: number): Promise<Page> {
  const { stream } = context.keys;
  const reply = await context.exec<[string, RawEntry[]][] | null>(
    ...(["XREAD", "COUNT", count + 1, "STREAMS", stream, idBefore(cursor.id)] as [string, ...(string | number)[]]),
  );
  const found = (reply?.[0]?.[1] ?? []).flatMap((raw) => readEntry(raw) ?? []);
  const entries = found[0]?.streamId === cursor.id ? found.slice(1) : found;
  const [first] = entries;
  const last = entries.at(-1);
  if (!first || !last) return { entries, cursor, gap: undefined, isFull: false };
  const isFull = found.length > count;
  const isWhole = entries !== found || isBeginning(cursor);
  const next = (ordinal: number | undefined): Cursor => ({ id: last.streamId, ordinal });
  if (isWhole) {
    const ordinal = cursor.ordinal === undefined ? undefined : cursor.ordinal + entries.length;
    return { entries, cursor: next(ordinal), gap: undefined, isFull };
  }
  const firstOrdinal = await ordinalOfFirst(context, entries);
  const missed = distance(cursor.ordinal, firstOrdinal);
  return {
    entries,
    cursor: next(firstOrdinal === undefined ? undefined : firstOrdinal + entries.length - 1),
    // The cursor's entry was the last to be trimmed: nothing is missing.
    gap: missed === 0 ? undefined : { after: cursor.id, before: first.streamId, missed },
    isFull,
  };
}

/** Everything that is left was asked for: what is gone is none of the reader's business. */
export const beginning: Cursor = { id: origin, ordinal: undefined };

// --- Internal helpers ---

const isBeginning = ({ id, ordinal }: Cursor): boolean => id === origin && ordinal === undefined;

/** Undefined when it cannot be told, or the stream is another one than it was. */
function distance(cursor: number | undefined, first: number | undefined): number | undefined {
  if (cursor === undefined || first === undefined) return undefined;
  const missed = first - 1 - cursor;
  return missed < 0 ? undefined : missed;
}

/** The stream moves on between the read and this question: one entry known to both is enough. */
async function ordinalOfFirst(context: PubsubContext, entries: readonly Entry[]): Promise<number | undefined> {
  let info: StreamInfo | undefined;
  try {
    info = await streamInfo(context);
  } catch (error) {
    if (!(error instanceof RedisReplyError)) throw error;
  }
  if (!info) return undefined;
  const { firstId, firstOrdinal, lastId, lastOrdinal } = info;
  const index = entries.findIndex(({ streamId }) => streamId === firstId);
  if (index >= 0) return firstOrdinal - index;
  if (entries.at(-1)?.streamId === lastId) return lastOrdinal - entries.length + 1;
  return undefined;
}

/** Nothing when there is no stream yet. */
async function streamInfo(context: PubsubContext): Promise<StreamInfo | undefined> {
  let reply: unknown[];
  try {
    reply = await context.exec<unknown[]>("XINFO", "STREAM", context.keys.stream);
  } catch (error) {
    if (error instanceof RedisReplyError && /no such key/i.test(error.message)) return undefined;
    throw error;
  }
  const info = pairsOf(reply);
  const first = info.get("first-entry");
  const lastOrdinal = Number(info.get("entries-added"));
  const lastId = String(info.get("last-generated-id"));
  const firstId: unknown = Array.isArray(first) ? first[0] : undefined;
  return {
    lastId,
    firstId: typeof firstId === "string" ? firstId : undefined,
    firstOrdinal: lastOrdinal - Number(info.get("length")) + 1,
    lastOrdinal,
  };
}

/** Entries that come after what another invocation has done meanwhile. */
export const after = (entries: readonly Entry[], id: string): Entry[] =>
  entries.filter(({ streamId }) => compareIds(streamId, id) > 0);
