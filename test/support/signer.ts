import { toHex } from "../../src/platform/index.ts";

/** A key pair and what Discord would send with it. */
export async function createSigner() {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const publicKey = hex((await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer);

  async function sign(timestamp: string, body: Uint8Array): Promise<string> {
    const prefix = new TextEncoder().encode(timestamp);
    const message = new Uint8Array(prefix.length + body.length);
    message.set(prefix);
    message.set(body, prefix.length);
    return hex(await crypto.subtle.sign("Ed25519", pair.privateKey, message));
  }

  return {
    publicKey,
    sign,
    /** A signed request to `/interactions`; an object is sent as JSON. */
    async request(
      payload: unknown,
      { timestamp = String(Math.floor(Date.now() / 1_000)), path = "/interactions" } = {},
    ): Promise<Request> {
      const body = bytesOf(payload);
      return new Request(`https://bot.test${path}`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-Signature-Ed25519": await sign(timestamp, body),
          "X-Signature-Timestamp": timestamp,
        },
        body,
      });
    },
  };
}

export function bytesOf(payload: unknown): Uint8Array<ArrayBuffer> {
  if (payload instanceof Uint8Array) return new Uint8Array(payload);
  return Uint8Array.from(new TextEncoder().encode(typeof payload === "string" ? payload : JSON.stringify(payload)));
}

const hex = (bytes: ArrayBuffer): string => toHex(new Uint8Array(bytes));
