import type { Clock } from "../platform/index.ts";
import { isChannel } from "./channels.ts";
import { isStreamId, timeOf } from "./stream-id.ts";

/** A message as handlers get it. */
export interface Message<T = unknown> {
  /** Chosen by the publisher, up to 256 characters. Two entries with the same id are one message, published twice. */
  id: string;
  /** Its position on the bus. */
  streamId: string;
  channel: string;
  /** Up to 128 characters. */
  type: string;
  data: T;
  /** When it was published, in epoch milliseconds by the server's clock. Never later than now. */
  time: number;
  /** The isolate that published it. */
  source: string;
}

/** A stream entry as RESP2 gives it: the id, then names and values in turn. Null when it was trimmed. */
export type RawEntry = [id: string, fields: string[] | null] | null;

/** An entry and its message; `message` is undefined when pubsub did not write the entry. */
export interface Entry {
  streamId: string;
  message: Message | undefined;
}

/** Returns the names and values of an entry. The time is not among them: the entry's id contains it. */
export const fieldsOf = (message: { id: string; channel: string; type: string; text: string; source: string }) => [
  "c",
  message.channel,
  "i",
  message.id,
  "t",
  message.type,
  "d",
  message.text,
  "s",
  message.source,
];

/** Returns the entries of a reply. Entries that are no messages are reported, and have none. */
export function readEntries(context: Reporting, raws: readonly RawEntry[]): Entry[] {
  return raws.flatMap((raw) => {
    if (raw === null) return [];
    const [streamId, fields] = raw;
    const message = fields === null ? undefined : readMessage(streamId, pairsOf(fields), context.clock.now());
    if (!message) context.report({ type: "unreadable", where: streamId });
    return [{ streamId, message }];
  });
}

/** Returns a map of names and values that come in turn. */
export const pairsOf = (flat: readonly unknown[]): Map<string, unknown> =>
  new Map(flat.flatMap((name, index) => (index % 2 === 0 ? [[String(name), flat[index + 1]]] : [])));

/**
 * Returns the message, or undefined when the fields are not those of a message. An entry that was added under an id ahead of the
 * time moves the ids of all later ones: they count as published at `now`, so that a wait for a message's time ends.
 */
export function readMessage(streamId: string, fields: ReadonlyMap<string, unknown>, now: number): Message | undefined {
  const [channel, id, type, text, source] = ["c", "i", "t", "d", "s"].map((name) => fields.get(name));
  if (!isStreamId(streamId) || typeof channel !== "string" || !isChannel(channel)) return undefined;
  if (!isMessageId(id) || !isMessageType(type) || typeof text !== "string" || typeof source !== "string")
    return undefined;
  const addedAt = timeOf(streamId);
  try {
    const data: unknown = JSON.parse(text);
    return { id, streamId, channel, type, data, time: addedAt > now + aheadMs ? now : addedAt, source };
  } catch {
    return undefined;
  }
}

export const isMessageId = (id: unknown): id is string => typeof id === "string" && id !== "" && id.length <= 256;

export const isMessageType = (type: unknown): type is string =>
  typeof type === "string" && type !== "" && type.length <= 128;

// --- Internal helpers ---

interface Reporting {
  clock: Pick<Clock, "now">;
  report(event: { type: "unreadable"; where: string }): void;
}

/** How far a server's clock may be ahead of an isolate's. */
const aheadMs = 60_000;
