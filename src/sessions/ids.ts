/** A new session's id: 128 random bits, as 22 characters that fit into a custom_id, a cookie and a key. */
export const createSessionId = (): string => randomText(16);

/** What a bearer has to show besides the id: 256 random bits. */
export const createSecret = (): string => randomText(32);

/** Ids come back from outside, in custom_ids and cookies: what cannot be one is not worth a command. */
export const isSessionId = (text: string): boolean => /^[\w-]{22}$/.test(text);

/** Owners are part of keys: snowflakes, or words like `admin`. */
export const isOwner = (text: string): boolean => /^[\w-]{1,64}$/.test(text);

// --- Internal helpers ---

export const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const randomText = (bytes: number): string => base64url(crypto.getRandomValues(new Uint8Array(bytes)));
