/** A session as it stands in Redis: what is known of it without its schema, and its data as JSON. */
export interface Envelope {
  kind: string;
  /** Of the kind's schema when the data was written. */
  version: number;
  /** Empty: it is shared, and whoever knows its id may use it. */
  owner: string;
  /** One more with each update, so that no text ever stands there twice. */
  revision: number;
  /** Epoch milliseconds: begun, forgotten by Redis unless it is used, over in any case. */
  createdAt: number;
  expiresAt: number;
  endsAt: number;
  /** The last updates, the newest last: one whose reply was lost finds itself here. */
  writes: readonly string[];
  /** Of bearer sessions: digests of the secret, and of the one before it while that is still taken. */
  secret?: { digest: string; previous?: string; previousUntil?: number };
  data: string;
}

/** How many updates a session remembers: so many others may come between a lost reply and the look at what became of it. */
export const rememberedWrites = 16;

type Head = [
  kind: string,
  version: number,
  owner: string,
  revision: number,
  createdAt: number,
  expiresAt: number,
  endsAt: number,
  writes: readonly string[],
  secret?: Envelope["secret"],
];

/** `["setup",1,…]` on the first line, the data behind it. */
export function writeEnvelope(envelope: Envelope): string {
  const { kind, version, owner, revision, createdAt, expiresAt, endsAt, writes, secret, data } = envelope;
  const head: Head = [kind, version, owner, revision, createdAt, expiresAt, endsAt, writes];
  return `${JSON.stringify(secret ? [...head, secret] : head)}\n${data}`;
}

/** Undefined for what is no session at all. */
export function readEnvelope(text: string): Envelope | undefined {
  const split = text.indexOf("\n");
  const head = parse(text.slice(0, split));
  if (split < 0 || !isHead(head)) return undefined;
  const [kind, version, owner, revision, createdAt, expiresAt, endsAt, writes, secret] = head;
  const data = text.slice(split + 1);
  return { kind, version, owner, revision, createdAt, expiresAt, endsAt, writes, data, ...(secret && { secret }) };
}

// --- Internal helpers ---

const isHead = (head: unknown): head is Head =>
  Array.isArray(head) &&
  head.length >= 8 &&
  [0, 2].every((index) => typeof head[index] === "string") &&
  [1, 3, 4, 5, 6].every((index) => typeof head[index] === "number") &&
  Array.isArray(head[7]);

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
