// Workers, Bun, Deno and Node 25 have these on Uint8Array; Node 24 does not.
// https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/Uint8Array/fromHex

/** Returns the bytes that hex digits stand for. */
export const fromHex = (hex: string): Uint8Array<ArrayBuffer> =>
  typeof Uint8Array.fromHex === "function"
    ? Uint8Array.fromHex(hex)
    : Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
        Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
      );

/** Returns bytes as lower-case hex digits. */
export const toHex = (bytes: Uint8Array): string =>
  typeof bytes.toHex === "function"
    ? bytes.toHex()
    : Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Returns the bytes that base64 text stands for. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  typeof Uint8Array.fromBase64 === "function"
    ? Uint8Array.fromBase64(text)
    : Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Returns bytes as base64 with padding. */
export const toBase64 = (bytes: Uint8Array): string =>
  typeof bytes.toBase64 === "function"
    ? bytes.toBase64()
    : btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** Returns bytes as base64url without padding: letters, digits, `-` and `_`. */
export const base64url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
