/** A stored session: everything known without its schema, and its data as JSON. */
export interface Envelope {
  kind: string;
  /** The version of the kind's schema when the data was written. */
  version: number;
  /** Empty for a shared session, which anyone who knows its id may use. */
  owner: string;
  /** Grows by one with each update, so that no stored text ever comes back. */
  revision: number;
  /** Epoch milliseconds: created, expires in Redis unless used, over in any case. */
  createdAt: number;
  expiresAt: number;
  endsAt: number;
  /** Names of the last updates, the newest last. An update whose reply was lost finds its name here. */
  writes: readonly string[];
  /** Bearer sessions only: digests of the secret, and of the secret before it until `previousUntil`. */
  secret?: { digest: string; previous?: string; previousUntil?: number } | undefined;
  data: string;
}

/** The number of updates a session remembers: the most that may come between a lost reply and the read that finds it. */
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

/** Returns the text to store: `["setup",1,…]` on the first line, the data behind it. */
export function encodeEnvelope(envelope: Envelope): string {
  const { kind, version, owner, revision, createdAt, expiresAt, endsAt, writes, secret, data } = envelope;
  const head: Head = [kind, version, owner, revision, createdAt, expiresAt, endsAt, writes];
  return `${JSON.stringify(secret ? [...head, secret] : head)}\n${data}`;
}

/** Returns the session in a stored text, or `undefined` when the text is no session. */
export function decodeEnvelope(text: string): Envelope | undefined {
  const split = text.indexOf("\n");
  const head = split < 0 ? undefined : parse(text.slice(0, split));
  if (!isHead(head)) return undefined;
  const [kind, version, owner, revision, createdAt, expiresAt, endsAt, writes, secret] = head;
  const data = text.slice(split + 1);
  return { kind, version, owner, revision, createdAt, expiresAt, endsAt, writes, data, secret };
}

// --- Internal helpers ---

const isHead = (head: unknown): head is Head =>
  Array.isArray(head) &&
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
