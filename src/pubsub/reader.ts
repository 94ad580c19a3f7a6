import { RedisReplyError } from "../redis/index.ts";
import type { PubsubContext } from "./context.ts";
import type { Gap } from "./events.ts";
import { type Entry, pairsOf, type RawEntry, readEntries } from "./message.ts";
import type { Cursor } from "./state.ts";
import { compareIds, idBefore, origin, timeOf } from "./stream-id.ts";

/** The result of one read. */
export interface Page {
  entries: Entry[];
  /** The position of the last entry. */
  cursor: Cursor;
  /** The entries that were trimmed or lost before the first one was read. */
  gap: Omit<Gap, "reader"> | undefined;
  /** More may be waiting. */
  isFull: boolean;
}

interface StreamInfo {
  lastId: string;
  /** The oldest entry left, if there is one. */
  firstId: unknown;
  /** The numbers of the oldest and the last entry, counted from the first one ever added; undefined where the server does not count. */
  firstOrdinal: number | undefined;
  lastOrdinal: number | undefined;
}

/** Reads from the oldest entry left; what was trimmed before that is not reported as a gap. */
export const beginning: Cursor = { id: origin, ordinal: undefined };

/** Returns where the bus was at a time, in epoch milliseconds: a little before, as the server's clock may be behind. */
export const cursorAt = (time: number): Cursor => ({
  id: `${Math.max(0, Math.floor(time) - behindMs)}-0`,
  ordinal: undefined,
  isGone: true,
});

/**
 * Returns where the bus ends now. It is a concrete id: `$` would mean another position with every poll. Asks `XINFO
 * STREAM`, or `XREVRANGE` where the server refuses that.
 * Cost: 1 command, 1 round trip.
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
 * Returns the entries after a cursor. The read begins right before the cursor, so that the cursor's own entry comes
 * back. If it does not, it was trimmed or lost, and perhaps later entries too; only then does a second command count them.
 * Cost: 1 command, 1 round trip; 1 more of each after a gap.
 */
export async function readAfter(context: PubsubContext, cursor: Cursor, count: number): Promise<Page> {
  const { stream } = context.keys;
  const reply = await context.exec<[string, RawEntry[]][] | null>(
    "XREAD",
    "COUNT",
    count + 1,
    "STREAMS",
    stream,
    idBefore(cursor.id),
  );
  const found = reply?.[0]?.[1] ?? [];
  const hasOwn = found[0]?.[0] === cursor.id;
  const entries = readEntries(context, hasOwn ? found.slice(1) : found);
  const [first] = entries;
  const last = entries.at(-1);
  if (!first || !last) return hasOwn ? nothingAfter(cursor) : nothingWithout(context, cursor);
  const isFull = found.length > count;
  const isWhole = hasOwn || isBeginning(cursor);
  const next = (ordinal: number | undefined): Cursor => ({ id: last.streamId, ordinal });
  if (isWhole) {
    const ordinal = cursor.ordinal === undefined ? undefined : cursor.ordinal + entries.length;
    return { entries, cursor: next(ordinal), gap: undefined, isFull };
  }
  const firstOrdinal = await ordinalOfFirst(context, entries);
  const missed = mayHaveEnded(context, cursor.id, first.streamId) ? undefined : distance(cursor.ordinal, firstOrdinal);
  return {
    entries,
    cursor: next(firstOrdinal === undefined ? undefined : firstOrdinal + entries.length - 1),
    // 0: the cursor's entry was the last one trimmed. A loss of unknown size may have been reported before.
    gap:
      missed === 0 || (missed === undefined && cursor.isGone)
        ? undefined
        : { after: cursor.id, before: first.streamId, missed },
    isFull,
  };
}

/** Returns the entries after an id. */
export const entriesAfter = (entries: readonly Entry[], id: string): Entry[] =>
  entries.filter(({ streamId }) => compareIds(streamId, id) > 0);

/** Returns the part of a page's gap that is after a place, which may have moved on since the page was asked for. */
export function gapAfter(place: Cursor, { gap, entries, cursor }: Page): Page["gap"] {
  if (!gap || place.id === gap.after) return gap;
  if (compareIds(place.id, gap.before) >= 0) return undefined;
  const first = cursor.ordinal === undefined ? undefined : cursor.ordinal - entries.length + 1;
  const missed = gap.missed === undefined ? undefined : distance(place.ordinal, first);
  return missed === 0 ? undefined : { ...gap, after: place.id, missed };
}

// --- Internal helpers ---

/** How far the server's clock may be behind an isolate's. */
const behindMs = 5_000;

const isBeginning = ({ id, ordinal }: Cursor): boolean => id === origin && ordinal === undefined;

const nothingAfter = (cursor: Cursor): Page => ({ entries: [], cursor, gap: undefined, isFull: false });

/** Nothing came back, not even the cursor's own entry: the bus has ended as it should, or it lost its end. */
async function nothingWithout(context: PubsubContext, cursor: Cursor): Promise<Page> {
  const { id, ordinal } = cursor;
  const hasEnded = context.clock.now() - timeOf(id) > context.retentionMs;
  // A cursor without a number may be a client's own, and was perhaps never there.
  if (id === origin || ordinal === undefined || cursor.isGone || hasEnded) return nothingAfter(cursor);
  const info = await infoIfKnown(context);
  const isAhead = info !== undefined && compareIds(info.lastId, id) >= 0;
  // Published since: the next read begins with it, and counts what is missing before.
  if (isAhead && info.firstId !== undefined) return nothingAfter(cursor);
  const end = isAhead ? { id: info.lastId, ordinal: info.lastOrdinal } : { id, ordinal: undefined };
  const missed = end.id === id && isAhead ? 0 : distance(ordinal, end.ordinal && end.ordinal + 1);
  const page = nothingAfter({ ...end, isGone: true });
  return missed === 0 ? page : { ...page, gap: { after: id, before: end.id, missed } };
}

/** A bus that ended between two messages counts its messages anew, and perhaps past the cursor's number. */
const mayHaveEnded = ({ retentionMs }: PubsubContext, before: string, after: string): boolean =>
  before !== origin && timeOf(after) - timeOf(before) > retentionMs;

/** Undefined when it is not known, or the stream was deleted and made anew. */
function distance(cursor: number | undefined, first: number | undefined): number | undefined {
  if (cursor === undefined || first === undefined) return undefined;
  const missed = first - 1 - cursor;
  return missed < 0 ? undefined : missed;
}

/** The stream may move between the read and this question: one entry that both know is enough. */
async function ordinalOfFirst(context: PubsubContext, entries: readonly Entry[]): Promise<number | undefined> {
  const info = await infoIfKnown(context);
  if (!info) return undefined;
  const { firstId, firstOrdinal, lastId, lastOrdinal } = info;
  const index = entries.findIndex(({ streamId }) => streamId === firstId);
  if (index >= 0) return firstOrdinal && firstOrdinal - index;
  if (entries.at(-1)?.streamId === lastId) return lastOrdinal && lastOrdinal - entries.length + 1;
  return undefined;
}

/** Undefined when the stream does not exist, and where the server refuses to say. */
async function infoIfKnown(context: PubsubContext): Promise<StreamInfo | undefined> {
  try {
    return await streamInfo(context);
  } catch (error) {
    if (!(error instanceof RedisReplyError)) throw error;
    return undefined;
  }
}

/** Undefined when the stream does not exist. */
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
  const added = info.get("entries-added");
  const lastOrdinal = added === undefined ? undefined : Number(added);
  const lastId = String(info.get("last-generated-id"));
  return {
    lastId,
    firstId: Array.isArray(first) ? first[0] : undefined,
    firstOrdinal: lastOrdinal && lastOrdinal - Number(info.get("length")) + 1,
    lastOrdinal,
  };
}
