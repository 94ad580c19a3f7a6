/** Builds the keys, all behind the deployment's prefix. */
export interface DiscordKeys {
  /** The first answer of an interaction that runs once, or the claim of the delivery that makes it. */
  answer(interactionId: string): string;
  /** A webhook event that was handled. */
  event(digest: string): string;
  /** The uses under a cooldown. */
  cooldown(name: string): string;
}

/** Returns the builders of all keys of this part. */
export const createKeys = (prefix: string): DiscordKeys => ({
  answer: (interactionId) => `${prefix}i:${interactionId}`,
  event: (digest) => `${prefix}e:${digest}`,
  cooldown: (name) => `${prefix}r:${name}`,
});
