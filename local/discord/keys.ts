import { generateKeyPairSync, sign } from "node:crypto";

/** The Ed25519 key pair of an application. */
export interface SigningKeys {
  /** 64 hex digits: the Worker's `DISCORD_PUBLIC_KEY`. */
  readonly publicKey: string;
  /** Returns the signature of `timestamp + body` in hex: the `X-Signature-Ed25519` header. */
  sign(timestamp: string, body: Uint8Array): string;
}

/** Returns a new random key pair, which is never written to disk. */
export function createSigningKeys(): SigningKeys {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    publicKey: Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url").toString("hex"),
    sign: (timestamp, body) => sign(null, Buffer.concat([Buffer.from(timestamp), body]), privateKey).toString("hex"),
  };
}

/** Returns the headers of a signed request; `now` is in epoch milliseconds, Discord's timestamp in seconds. */
export function signedHeaders(keys: SigningKeys, now: number, body: Uint8Array): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  return {
    "Content-Type": "application/json",
    "X-Signature-Ed25519": keys.sign(timestamp, body),
    "X-Signature-Timestamp": timestamp,
  };
}
