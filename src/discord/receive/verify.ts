import { fromHex } from "../../platform/index.ts";

/** Imported keys by their hex digits. Plain data that outlives an invocation. */
export type KeyRing = Map<string, CryptoKey>;

/** The two signature headers, well-formed and at a plausible time. */
export interface SignatureHeaders {
  signature: Uint8Array<ArrayBuffer>;
  timestamp: string;
}

/**
 * The tolerance for a timestamp, in either direction. Discord documents none (discord-api-docs#6209). Five minutes are
 * common for webhooks, and bound how long a recorded request can be sent again.
 */
const toleranceMs = 5 * 60_000;

/**
 * Returns the signature headers, or the reason why they cannot be right: 128 hex digits, and 1 to 12 digits of seconds, at most
 * five minutes off.
 */
export function readSignature(headers: Headers, now: number): SignatureHeaders | { reason: string } {
  const signature = headers.get("X-Signature-Ed25519");
  const timestamp = headers.get("X-Signature-Timestamp");
  if (!signature || !timestamp) return { reason: "missing signature headers" };
  if (!/^[0-9a-f]{128}$/i.test(signature)) return { reason: "malformed signature" };
  if (!/^\d{1,12}$/.test(timestamp)) return { reason: "malformed timestamp" };
  if (Math.abs(now - Number(timestamp) * 1_000) > toleranceMs) return { reason: "timestamp too far off" };
  return { signature: fromHex(signature), timestamp };
}

/**
 * Returns whether the holder of one of `publicKeys` (64 hex digits each) signed exactly these bytes. Never throws. Imports
 * each key once per isolate.
 *
 * @see https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint-validating-security-request-headers
 */
export async function isSigned(
  body: Uint8Array,
  { signature, timestamp }: SignatureHeaders,
  publicKeys: readonly string[],
  keys: KeyRing,
): Promise<boolean> {
  for (const hex of publicKeys) {
    const key = keys.get(hex) ?? (await importKey(hex, keys));
    if (key && (await verifyBytes(body, signature, timestamp, key))) return true;
  }
  return false;
}

// --- Internal helpers ---

/**
 * The platform does the cryptography. `verifyKey` of `discord-interactions` puts the same bytes together for the same call, at a
 * tenth of the time of an answer, and 8 kB of a bundle; a test holds both to the same verdicts.
 */
function verifyBytes(
  body: Uint8Array,
  signature: Uint8Array<ArrayBuffer>,
  timestamp: string,
  key: CryptoKey,
): Promise<boolean> {
  const message = new Uint8Array(timestamp.length + body.length);
  // Digits: a call of the platform's encoder takes longer.
  for (let index = 0; index < timestamp.length; index++) message[index] = timestamp.charCodeAt(index);
  message.set(body, timestamp.length);
  return crypto.subtle.verify("Ed25519", key, signature, message);
}

async function importKey(hex: string, keys: KeyRing): Promise<CryptoKey | undefined> {
  try {
    const key = await crypto.subtle.importKey("raw", fromHex(hex), "Ed25519", false, ["verify"]);
    keys.set(hex, key);
    return key;
  } catch {
    // 32 bytes that are no point of the curve: such a key signs nothing.
    return undefined;
  }
}
