/** How values become text and back; JSON unless a namespace brings its own. Values that are no JSON come back as they may. */
export interface Serializer<T> {
  stringify(value: T): string;
  parse(text: string): T;
}

export const json: Serializer<unknown> = {
  stringify: (value) => JSON.stringify(value),
  parse: (text) => JSON.parse(text),
};

/** What stands at an entry's key. */
export type Stored<T> =
  | { kind: "nothing" }
  /** Somebody is fetching it; the key expires with their claim. */
  | { kind: "claim"; text: string }
  /** The fetcher failed a moment ago. */
  | { kind: "failure"; text: string; reason: string }
  | Envelope<T>
  /** Not ours, or not whole; without a text what was not even a string, and is gone. */
  | { kind: "rubbish"; text?: string };

export interface Envelope<T> {
  kind: "value";
  text: string;
  /** Undefined is absence: the fetcher found that there is nothing. */
  value: T | undefined;
  /** When it was fetched, until when it is fresh, until when it may be served at all; epoch milliseconds. */
  storedAt: number;
  freshUntil: number;
  serveUntil: number;
  /** How long the fetcher took, for early refresh. */
  fetchMs: number;
  /** The generations of its tags when the fetch began. */
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

/** A claim as it stands in Redis: what cannot begin an envelope. */
export const claimText = (id: string): string => `!${id}`;
export const failureText = (reason: string): string => `?${reason.slice(0, 200)}`;

/** `[storedAt,…]` on the first line, the serialised value behind it. */
export function writeEnvelope<T>(entry: Omit<Envelope<T>, "kind" | "text">, serializer: Serializer<T>): string {
  const { value, storedAt, freshUntil, serveUntil, fetchMs, generations } = entry;
  const head: Head = [storedAt, freshUntil, serveUntil, fetchMs, generations, value === undefined ? 0 : 1];
  return `${JSON.stringify(head)}\n${value === undefined ? "" : serializer.stringify(value)}`;
}

export function readStored<T>(text: string | null, serializer: Serializer<T>): Stored<T> {
  if (text === null) return { kind: "nothing" };
  if (text.startsWith("!")) return { kind: "claim", text };
  if (text.startsWith("?")) return { kind: "failure", text, reason: text.slice(1) };
  try {
    const split = text.indexOf("\n");
    const head: unknown = JSON.parse(text.slice(0, split));
    if (split < 0 || !isHead(head)) return { kind: "rubbish", text };
    const [storedAt, freshUntil, serveUntil, fetchMs, generations, hasValue] = head;
    const value = hasValue === 1 ? serializer.parse(text.slice(split + 1)) : undefined;
    return { kind: "value", text, value, storedAt, freshUntil, serveUntil, fetchMs, generations };
  } catch {
    return { kind: "rubbish", text };
  }
}

// --- Internal helpers ---

const isHead = (head: unknown): head is Head =>
  Array.isArray(head) &&
  head.length === 6 &&
  [0, 1, 2, 3, 5].every((index) => typeof head[index] === "number") &&
  typeof head[4] === "string";
