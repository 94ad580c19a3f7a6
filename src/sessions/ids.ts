import { base64url, sha256 } from "../platform/index.ts";

/** Returns the id of a new session: 128 random bits as 22 characters, which fit a custom_id, a cookie and a key. */
export const createSessionId = (): string => randomText(16);

/**
 * Returns the same id for the same text, so that a delivery that comes twice finds the session that the first one created. The
 * id is as easy to guess as the text: not for a session that its id alone opens.
 *
 * @example
 * const poll = await store.create(data, { id: await sessionIdFrom(interaction.id) });
 */
export const sessionIdFrom = async (text: string): Promise<string> => base64url(await sha256(text)).slice(0, 22);

/** Returns the secret of a new bearer session: 256 random bits as 43 characters. */
export const createSecret = (): string => randomText(32);

/**
 * Returns whether a text has the form of an id. Nothing is created under another text, and none is worth a command: ids come
 * back in custom_ids and cookies.
 */
export const isSessionId = (text: string): boolean => /^[\w-]{22}$/.test(text);

/** Returns whether a text may be part of a key as an owner: a snowflake, or a word such as `admin`. */
export const isOwner = (text: string): boolean => /^[\w-]{1,64}$/.test(text);

// --- Internal helpers ---

const randomText = (bytes: number): string => base64url(crypto.getRandomValues(new Uint8Array(bytes)));
