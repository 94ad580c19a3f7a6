import { type Clock, readLimited, systemClock } from "../../platform/index.ts";
import { isSigned, type KeyRing, readSignature } from "./verify.ts";

/** Interactions have a few kilobytes; the largest modal is far below this. */
const maxBytes = 1024 * 1024;

export interface SignedOptions {
  /** The application's public keys, 64 hex digits each. Several while a key is rotated. */
  publicKeys: readonly string[];
  /** The isolate's imported keys. */
  keys: KeyRing;
  clock?: Pick<Clock, "now">;
  /** The reason why `publicKeys` is empty, when it is. */
  missingKey: string;
  /** Told how long the check took, in milliseconds. Deployed, the clock stands still between I/O. */
  onVerified?(ms: number, isGood: boolean): void;
}

/**
 * Returns the body of a request that Discord signed, or the response to any other: 401 when it is not signed, 413 above 1
 * MiB, 503 without a public key. Checks headers, then size, then the signature over the raw bytes.
 */
export async function readSigned(
  request: Request,
  { publicKeys, keys, clock = systemClock, missingKey, onVerified }: SignedOptions,
): Promise<Uint8Array | Response> {
  const startedAt = clock.now();
  const headers = readSignature(request.headers, startedAt);
  if ("reason" in headers) return refuse(401, headers.reason);
  if (publicKeys.length === 0) return refuse(503, missingKey);
  const body = await readLimited(request, maxBytes);
  if (!body) return refuse(413, "the body is larger than 1 MiB");
  const isGood = await isSigned(body, headers, publicKeys, keys);
  onVerified?.(clock.now() - startedAt, isGood);
  return isGood ? body : refuse(401, "invalid signature");
}

export const refuse = (status: number, error: string): Response => Response.json({ error }, { status });
