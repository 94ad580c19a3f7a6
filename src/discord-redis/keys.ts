/** Names of the keys, all behind the deployment's prefix. */
export interface DiscordKeys {
  /** The first answer of an interaction that runs once, or the claim of who is making it. */
  answer(interactionId: string): string;
  /** A webhook event that was handled. */
  event(digest: string): string;
  /** The last uses under a cooldown. */
  cooldown(name: string): string;
}

export const createKeys = (prefix: string): DiscordKeys => ({
  answer: (interactionId) => `${prefix}i:${interactionId}`,
  event: (digest) => `${prefix}e:${digest}`,
  cooldown: (name) => `${prefix}r:${name}`,
});
