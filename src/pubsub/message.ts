import { timeOf } from "./stream-id.ts";

/** A message as handlers get it. */
export interface Message<T = unknown> {
  /** Chosen by the publisher. Two entries with the same id are one message, published twice. */
  id: string;
  /** Its position on the bus. */
  streamId: string;
  channel: string;
  type: string;
  data: T;
  /** When it was published, in epoch milliseconds by the server's clock. */
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

export function readEntry(raw: RawEntry): Entry | undefined {
  if (raw === null) return undefined;
  const [streamId, fields] = raw;
  return { streamId, message: fields === null ? undefined : readMessage(streamId, pairsOf(fields)) };
}

/** Returns a map of names and values that come in turn. */
export const pairsOf = (flat: readonly unknown[]): Map<string, unknown> =>
  new Map(flat.flatMap((name, index) => (index % 2 === 0 ? [[String(name), flat[index + 1]]] : [])));

/** Returns the message, or undefined when the fields are not those of a message. */
export function readMessage(streamId: string, fields: ReadonlyMap<string, unknown>): Message | undefined {
  const [channel, id, type, text, source] = ["c", "i", "t", "d", "s"].map((name) => fields.get(name));
  if (typeof channel !== "string" || typeof id !== "string" || typeof text !== "string") return undefined;
  try {
    const data: unknown = JSON.parse(text);
    return { id, streamId, channel, type: String(type), data, time: timeOf(streamId), source: String(source) };
  } catch {
    return undefined;
  }
}
