import { base64url, fromBase64, sha256 } from "../platform/index.ts";

export interface QstashOptions {
  /** The current signing key, and the next. */
  keys: readonly string[];
  /** The request's path and query. The host is not compared: it may differ behind a proxy. */
  path: string;
  body: Uint8Array;
  /** Epoch milliseconds. */
  now: number;
}

/**
 * Returns whether QStash signed a request to this path with this body: `token` is its `Upstash-Signature`, a JWT under
 * HMAC-SHA-256. The algorithm that its header names is not asked for, so that no other can be chosen.
 *
 * @see https://upstash.com/docs/qstash/features/security
 */
export async function isFromQstash(token: string, { keys, path, body, now }: QstashOptions): Promise<boolean> {
  try {
    const [header, payload = "", signature = ""] = token.split(".");
    const bytes = fromBase64url(signature);
    const checks = await Promise.all(keys.map((key) => isSigned(key, bytes, `${header}.${payload}`)));
    return checks.includes(true) && (await isMeant(JSON.parse(new TextDecoder().decode(fromBase64url(payload)))));
  } catch {
    // It is not base64url, not JSON, or lacks a claim.
    return false;
  }

  async function isMeant({ iss, sub, exp, nbf, body: digest }: Claims): Promise<boolean> {
    const { pathname, search } = new URL(sub);
    return (
      iss === "Upstash" &&
      pathname + search === path &&
      now < exp * 1_000 + leewayMs &&
      now > nbf * 1_000 - leewayMs &&
      // QStash pads the digest.
      digest.replace(/=+$/, "") === base64url(await sha256(body))
    );
  }
}

// --- Internal helpers ---

/** The clocks of QStash and of this machine may differ by this. */
const leewayMs = 30_000;

interface Claims {
  iss: string;
  sub: string;
  exp: number;
  nbf: number;
  body: string;
}

const encoder = new TextEncoder();
const algorithm = { name: "HMAC", hash: "SHA-256" };

async function isSigned(key: string, signature: Uint8Array<ArrayBuffer>, text: string): Promise<boolean> {
  const imported = await crypto.subtle.importKey("raw", encoder.encode(key), algorithm, false, ["verify"]);
  return crypto.subtle.verify("HMAC", imported, signature, encoder.encode(text));
}

/** The padding may be left out, for the platform's decoders and for `atob` alike. */
const fromBase64url = (text: string): Uint8Array<ArrayBuffer> =>
  fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
