/** The keys of one bus. Each begins with the deployment's prefix. */
export interface PubsubKeys {
  /** Stream: the messages of all channels. */
  readonly stream: string;
  /** String: the cursor of a named subscriber. */
  cursor(subscriber: string): string;
  /** Stream: messages that a group gave up. */
  deadLetters(group: string): string;
  /** String with a life: the message that was published to a channel under an idempotency key. */
  once(channel: string, key: string): string;
}

export const createKeys = (prefix: string, bus: string): PubsubKeys => ({
  stream: `${prefix}b:${bus}`,
  cursor: (subscriber) => `${prefix}bc:${bus}:${subscriber}`,
  deadLetters: (group) => `${prefix}bd:${bus}:${group}`,
  // No channel has a space in its name.
  once: (channel, key) => `${prefix}bi:${bus}:${channel} ${key}`,
});
