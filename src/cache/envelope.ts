import { freezePlain } from "./shared-value.ts";

/** Turns values into text and back. */
export interface Serializer<T> {
  stringify(value: T): string;
  /** Throws for a text that is no value: such an entry is fetched again. */
  parse(text: string): T;
}

export const json = <T>(): Serializer<T> => ({
  stringify: (value) => JSON.stringify(value),
  parse: (text) => JSON.parse(text) as T,
});

/** The content of an entry's key. */
export type Stored<T> =
  | { kind: "nothing"; text?: undefined }
  /** An isolate is fetching the value. The key expires with that isolate's claim. */
  | { kind: "claim"; text: string }
  /** The fetcher failed less than `failureMs` ago. */
  | { kind: "failure"; text: string; reason: string }
  | Envelope<T>
  /** Written by something else, or truncated. Without a text it was not a string, and has been deleted. */
  | { kind: "unreadable"; text?: string };

/** A value with the times that decide who may serve it, in epoch milliseconds. */
export interface Envelope<T> {
  kind: "value";
  /** The envelope as stored in Redis. */
  text: string;
  /** Undefined is absence: the fetcher found no value. Always parsed from the text, so that L1 and Redis give the same. */
  value: T | undefined;
  /** Returns another copy of a value that freezing does not protect. */
  copy?: () => T;
  /** When its fetch began. */
  storedAt: number;
  freshUntil: number;
  /** The end of its grace. */
  serveUntil: number;
  /** How long the fetcher took, for early refresh. */
  fetchMs: number;
  /** The generations of its tags when its fetch began. */
  generations: string;
}

type Head = [
  storedAt: number,
  freshUntil: number,
  serveUntil: number,
  fetchMs: number,
  generations: string,
  hasValue: 0 | 1,
];

/** Returns the text of a claim. An envelope never begins like it. */
export const claimText = (id: string): string => `!${id}`;
export const failureText = (reason: string): string => `?${reason.slice(0, 200)}`;

/** Returns an envelope with its text: `[storedAt,…]` on the first line, the serialised value after it. */
export function createEnvelope<T>(
  fields: Omit<Envelope<T>, "kind" | "text" | "copy">,
  serializer: Serializer<T>,
): Envelope<T> {
  const body = fields.value === undefined ? undefined : serializer.stringify(fields.value);
  return { ...fields, ...valueOf(body, serializer), kind: "value", text: textOf(fields, body) };
}

/** Returns the envelope with other times. */
export function restamp<T>(envelope: Envelope<T>, times: Pick<Envelope<T>, "freshUntil" | "serveUntil">): Envelope<T> {
  const { text, value } = envelope;
  const body = value === undefined ? undefined : text.slice(text.indexOf("\n") + 1);
  return { ...envelope, ...times, text: textOf({ ...envelope, ...times }, body) };
}

/** Returns how long Redis keeps an envelope, in milliseconds. It takes no less than one. */
export const redisLifeMs = ({ serveUntil }: Pick<Envelope<unknown>, "serveUntil">, now: number): number =>
  Math.max(1, Math.ceil(serveUntil - now));

/** Returns the meaning of the text at an entry's key. Never throws. */
export function readStored<T>(text: string | null, serializer: Serializer<T>): Stored<T> {
  if (text === null) return { kind: "nothing" };
  if (text.startsWith("!")) return { kind: "claim", text };
  if (text.startsWith("?")) return { kind: "failure", text, reason: text.slice(1) };
  try {
    const split = text.indexOf("\n");
    const head: unknown = JSON.parse(text.slice(0, split));
    if (split < 0 || !isHead(head)) return { kind: "unreadable", text };
    const [storedAt, freshUntil, serveUntil, fetchMs, generations, hasValue] = head;
    const value = valueOf(hasValue === 1 ? text.slice(split + 1) : undefined, serializer);
    return { kind: "value", text, ...value, storedAt, freshUntil, serveUntil, fetchMs, generations };
  } catch {
    return { kind: "unreadable", text };
  }
}

// --- Internal helpers ---

function textOf(
  { storedAt, freshUntil, serveUntil, fetchMs, generations }: Omit<Envelope<unknown>, "kind" | "text" | "value">,
  body: string | undefined,
): string {
  const head: Head = [storedAt, freshUntil, serveUntil, fetchMs, generations, body === undefined ? 0 : 1];
  return `${JSON.stringify(head)}\n${body ?? ""}`;
}

function valueOf<T>(body: string | undefined, serializer: Serializer<T>): Pick<Envelope<T>, "value" | "copy"> {
  if (body === undefined) return { value: undefined };
  const value = serializer.parse(body);
  return freezePlain(value) ? { value } : { value, copy: () => serializer.parse(body) };
}

const isHead = (head: unknown): head is Head =>
  Array.isArray(head) &&
  head.length === 6 &&
  [0, 1, 2, 3, 5].every((index) => typeof head[index] === "number") &&
  typeof head[4] === "string";
