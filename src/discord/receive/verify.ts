import { verifyKey } from "discord-interactions";
import { fromHex } from "../../platform/index.ts";

/** Imported keys by their hex text; plain data that outlives an invocation. */
export type KeyRing = Map<string, CryptoKey>;

/** The two headers, in their right form and at a plausible time. */
export interface SignatureHeaders {
  signature: Uint8Array;
  timestamp: string;
}

/**
 * How far a timestamp may be off, in either direction. Discord documents no tolerance (discord-api-docs#6209);
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
  return { signature: fromHex(signature), timestamp };
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
    if (key && (await verifyBytes(body, signature, timestamp, key))) return true;
  }
  return false;
}

/**
 * `verifyKey` takes the signature as bytes too, though its types say text only. Its own way from hex to bytes costs 5 µs of
 * the 60 that an answer takes.
 */
const verifyBytes = verifyKey as unknown as (
  body: Uint8Array,
  signature: Uint8Array,
  timestamp: string,
  key: CryptoKey,
) => Promise<boolean>;

async function importKey(hex: string, keys: KeyRing): Promise<CryptoKey | undefined> {
  try {
    const key = await crypto.subtle.importKey("raw", fromHex(hex), "Ed25519", false, ["verify"]);
    keys.set(hex, key);
    return key;
  } catch {
    // 32 bytes that are no point of the curve: nothing can be signed with such a key.
    return undefined;
  }
}
