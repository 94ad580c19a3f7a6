import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** The Ed25519 key pair of an application. */
export interface SigningKeys {
  /** 64 hex digits: the Worker's `DISCORD_PUBLIC_KEY`. */
  readonly publicKey: string;
  /** Returns the signature of `timestamp + body` in hex: the `X-Signature-Ed25519` header. */
  sign(timestamp: string, body: Uint8Array): string;
}

/** Returns a new random key pair, which is never written to disk. */
export const createSigningKeys = (): SigningKeys => keysOf(generateKeyPairSync("ed25519").privateKey);

/** Returns the key pair of a private key in PEM. Throws for anything but an Ed25519 key. */
export function readSigningKeys(pem: string): SigningKeys {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== "ed25519") throw new Error("The key is not an Ed25519 key.");
  return keysOf(key);
}

/** Returns a new random private key in PEM, for `readSigningKeys`. */
export const createPrivatePem = (): string =>
  generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** Returns the headers of a signed request; `now` is in epoch milliseconds, Discord's timestamp in seconds. */
export function signedHeaders(keys: SigningKeys, now: number, body: Uint8Array): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  return {
    "Content-Type": "application/json",
    "X-Signature-Ed25519": keys.sign(timestamp, body),
    "X-Signature-Timestamp": timestamp,
  };
}

// --- Internal helpers ---

function keysOf(privateKey: KeyObject): SigningKeys {
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  return {
    publicKey: Buffer.from(x, "base64url").toString("hex"),
    sign: (timestamp, body) => sign(null, Buffer.concat([Buffer.from(timestamp), body]), privateKey).toString("hex"),
  };
}
