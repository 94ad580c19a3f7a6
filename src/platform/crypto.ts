/** Returns the SHA-256 digest of a text (as UTF-8) or of bytes: 32 bytes. */
export async function sha256(input: string | Uint8Array): Promise<Uint8Array> {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : new Uint8Array(input);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/**
 * Returns whether two secrets are equal. It compares their digests to the end, so that the time it takes shows neither where
 * the secrets differ nor how long they are.
 */
export async function isSameSecret(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([sha256(a), sha256(b)]);
  let difference = 0;
  for (const [index, byte] of left.entries()) difference |= byte ^ (right[index] ?? 0xff);
  return difference === 0;
}
