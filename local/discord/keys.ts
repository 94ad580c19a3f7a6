import { generateKeyPairSync, sign } from "node:crypto";

/** An Ed25519 key pair as an application has at Discord; made anew for each simulator and never written down. */
export interface SigningKeys {
  /** 64 hex digits: the Worker's `DISCORD_PUBLIC_KEY`. */
  readonly publicKey: string;
  /** Signs `timestamp + body`, as hex: the `X-Signature-Ed25519` header. */
  sign(timestamp: string, body: Uint8Array): string;
}

export function createSigningKeys(): SigningKeys {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    publicKey: Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url").toString("hex"),
    sign: (timestamp, body) => sign(null, Buffer.concat([Buffer.from(timestamp), body]), privateKey).toString("hex"),
  };
}
