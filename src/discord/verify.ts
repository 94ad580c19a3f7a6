import { verifyKey } from "discord-interactions";

/** Imported keys by their hex text; plain data that outlives an invocation. */
export type KeyRing = Map<string, CryptoKey>;

/** The two headers, in their right form and at a plausible time. */
export interface SignatureHeaders {
  signature: string;
  timestamp: string;
}

/**
 * How far a timestamp may be off, in either direction. Discord documents no tolerance (discord-api-docs issue 6209);
 * five minutes is what webhook senders commonly ask for, and bounds how long a recorded request can be sent again.
 */
const toleranceMs = 5 * 60_000;

/**
 * Reads the signature headers, or says why they cannot be right. Strict, since `verifyKey` is not: it reads `zz` as a
 * zero byte and looks at no clock.
 */
export function readSignature(headers: Headers, now: number): SignatureHeaders | { reason: string } {
  const signature = headers.get("X-Signature-Ed25519");
  const timestamp = headers.get("X-Signature-Timestamp");
  if (!signature || !timestamp) return { reason: "missing signature headers" };
  if (!/^[0-9a-f]{128}$/i.test(signature)) return { reason: "malformed signature" };
  if (!/^\d{1,12}$/.test(timestamp)) return { reason: "malformed timestamp" };
  if (Math.abs(now - Number(timestamp) * 1_000) > toleranceMs) return { reason: "timestamp too far off" };
  return { signature, timestamp };
}

/**
 * Did the holder of one of `publicKeys` (64 hex digits each) sign exactly these bytes? Never throws. Keys are imported once
 * per isolate.
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
    if (key && (await verifyKey(body, signature, timestamp, key))) return true;
  }
  return false;
}

async function importKey(hex: string, keys: KeyRing): Promise<CryptoKey | undefined> {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  try {
    const key = await crypto.subtle.importKey("raw", bytes, "Ed25519", false, ["verify"]);
    keys.set(hex, key);
    return key;
  } catch {
    // 32 bytes that are no point of the curve: nothing can be signed with such a key.
    return undefined;
  }
}
